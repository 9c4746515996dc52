import type { CliContext } from './cli-context.js';

/** A command that the reader can run as it is printed: with the name this program was started by, and the same cluster and namespace. */
export function commandLine({ options, env }: Pick<CliContext, 'options' | 'env'>, command: string): string {
  const words = [env.MINITHENA_COMMAND || 'minithena', command];
  if (options.kubeconfig !== undefined) words.push('--kubeconfig', shellWord(options.kubeconfig));
  if (options.context !== undefined) words.push('--context', shellWord(options.context));
  if (options.cluster !== 'default') words.push('--cluster', options.cluster);
  if (options.namespace !== undefined && options.namespace !== 'default') words.push('-n', options.namespace);
  return words.join(' ');
}

/** A word as a shell reads it back. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
