import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeconfigFile } from '../api/parse-kubeconfig.js';
import { AppError, messageOf } from '../lib/app-error.js';
import { statePath } from '../lib/state-path.js';
import { kubeconfigPaths } from './kubeconfig-paths.js';

/** Which API is meant: that of a file, that of a context, or without either that of the cluster's own daemon. */
export interface Meant {
  readonly cluster?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** The files that say how to reach it. Throws DaemonUnreachable where no daemon has run, Usage where there is no such file. */
export function readKubeconfigs({ cluster = 'default', kubeconfig, context }: Meant): KubeconfigFile[] {
  if (kubeconfig !== undefined) return [read(kubeconfig)];
  if (context === undefined) {
    const own = join(statePath(cluster), 'kubeconfig');
    if (existsSync(own)) return [read(own)];
    throw new AppError('DaemonUnreachable', `no daemon has run here yet: ${own} does not exist`, {
      hint: 'start it with: minithena up FILE',
    });
  }
  const paths = kubeconfigPaths();
  const found = paths.filter((path) => existsSync(path));
  if (found.length > 0) return found.map(read);
  throw new AppError('Usage', `no context "${context}" is known: ${paths.join(', ')} does not exist`, {
    hint: 'name a file with --kubeconfig FILE',
  });
}

function read(path: string): KubeconfigFile {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new AppError('Usage', `${path} cannot be read: ${messageOf(error)}`, {
      hint: 'a kubeconfig is what `kubectl config view` shows',
    });
  }
}
