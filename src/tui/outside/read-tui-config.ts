import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { defaultConfig, parseTuiConfig, type TuiConfig } from '../tui-config.js';

/** `$XDG_CONFIG_HOME/minithena/tui.yaml`, by default under `~/.config`. */
export function tuiConfigPath(env: NodeJS.ProcessEnv): string {
  const configured = env.XDG_CONFIG_HOME;
  return join(configured?.startsWith('/') ? configured : join(homedir(), '.config'), 'minithena', 'tui.yaml');
}

/** The reader's settings; without a file the defaults. What cannot be read is a problem told on the screen, and never keeps it away. */
export function readTuiConfig(env: NodeJS.ProcessEnv): TuiConfig {
  const path = tuiConfigPath(env);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? defaultConfig : { ...defaultConfig, problems: [message] };
  }
  return parseTuiConfig(text, path);
}
