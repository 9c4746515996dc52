import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The kubeconfigs that kubectl reads, whether they are there or not: those of $KUBECONFIG, else ~/.kube/config. */
export function kubeconfigPaths(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean);
  return listed.length > 0 ? listed : [join(env.HOME || homedir(), '.kube', 'config')];
}
