import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/app-error.js';
import { statePath } from '../../lib/state-path.js';
import type { CliContext } from '../cli-context.js';

/** `kubeconfig`: the file with address, certificate and token, for kubectl and others; it outlives restarts of the daemon. */
export async function kubeconfig(
  { options, output, env }: CliContext,
  { path }: { path?: boolean },
): Promise<number> {
  const file = join(statePath(options.cluster, env), 'kubeconfig');
  if (!existsSync(file)) {
    throw new AppError(
      'DaemonUnreachable',
      `cluster ${options.cluster} has not been started yet: ${file} does not exist`,
      {
        hint: 'start it with `minithena up FILE`',
      },
    );
  }
  output.raw(path ? `${file}\n` : readFileSync(file, 'utf8'));
  return 0;
}
