import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where everything of one cluster lives: `$XDG_STATE_HOME/minithena/<cluster>`, by default under `~/.local/state`. */
export function statePath(cluster: string, environment: NodeJS.ProcessEnv = process.env): string {
  // The XDG specification says that a relative path is to be ignored.
  const configured = environment.XDG_STATE_HOME;
  const root = configured?.startsWith('/') ? configured : join(homedir(), '.local', 'state');
  return join(root, 'minithena', cluster);
}
