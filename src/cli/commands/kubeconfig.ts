import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/app-error.js';
import { statePath } from '../../lib/state-path.js';
import type { CliContext } from '../cli-context.js';

interface KubeconfigOptions {
  readonly path?: boolean;
  /** A file, or true for the one that kubectl would write to. */
  readonly merge?: string | true;
}

/** `kubeconfig`: the file with address, certificate and token, for kubectl and others; it outlives restarts of the daemon. */
export async function kubeconfig(context: CliContext, { path, merge }: KubeconfigOptions): Promise<number> {
  const { options, output, env } = context;
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
  const text = readFileSync(file, 'utf8');
  if (merge !== undefined) await mergeInto(context, merge === true ? undefined : merge, text);
  else output.raw(path ? `${file}\n` : text);
  return 0;
}

async function mergeInto(
  { env, output }: CliContext,
  given: string | undefined,
  added: string,
): Promise<void> {
  const [{ kubeconfigPaths }, { mergeKubeconfig }, { writeKubeconfig }] = await Promise.all([
    import('../../client/kubeconfig-paths.js'),
    import('../../api/merge-kubeconfig.js'),
    import('../write-kubeconfig.js'),
  ]);
  const paths = kubeconfigPaths(env);
  // As kubectl chooses among several.
  const into = given ?? paths.find((each) => existsSync(each)) ?? paths.at(-1) ?? '';
  const { context, before } = writeKubeconfig(into, (text) => mergeKubeconfig(text, added));
  output.data(`context ${context} is in ${into}, and the current one`);
  if (before !== '' && before !== context)
    output.progress(`before it was ${before}: kubectl config use-context ${before}`);
}
