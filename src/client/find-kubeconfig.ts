import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { contextsIn } from '../api/parse-kubeconfig.js';
import { AppError, messageOf } from '../lib/app-error.js';

/** The kubeconfig that has this context, among those that kubectl would read: $KUBECONFIG, or ~/.kube/config. Throws Usage. */
export function findKubeconfig(context: string, env: NodeJS.ProcessEnv = process.env): string {
  const files = (env.KUBECONFIG || join(homedir(), '.kube', 'config')).split(delimiter).filter(Boolean);
  const known: string[] = [];
  for (const file of files.filter((each) => existsSync(each))) {
    const contexts = contextsIn(read(file));
    if (contexts.includes(context)) return file;
    known.push(...contexts);
  }
  throw new AppError('Usage', `no context "${context}" is in ${files.join(', ')}`, {
    hint: known.length > 0 ? `contexts: ${known.join(', ')}` : 'name a file with --kubeconfig FILE',
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('Usage', `${file} cannot be read: ${messageOf(error)}`);
  }
}
