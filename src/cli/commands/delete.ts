import type { CliContext } from '../cli-context.js';
import { commandLine } from '../command-line.js';
import { parseTargets } from '../parse-targets.js';
import { usageError } from '../usage-error.js';

/** `delete pod NAME…`: ends pods; their role instances make them again. Everything else lives in files. Throws NotFound, Usage. */
export async function deletePods(
  context: CliContext,
  type: string,
  names: string[],
  { gracePeriod }: { gracePeriod?: string },
): Promise<number> {
  const targets = parseTargets([type, ...names]);
  const other = targets.find((each) => each.kind.resource !== 'pods');
  if (other)
    throw usageError(
      `delete takes pods, not ${other.kind.resource}`,
      `${commandLine(context, 'down FILE')} removes what a file runs; ${commandLine(context, 'scale NAME')} changes counts`,
    );
  const wanted = targets.flatMap((each) => each.names);
  if (wanted.length === 0) throw usageError('say which pods', commandLine(context, 'get pods'));
  if (gracePeriod !== undefined && !/^\d{1,6}$/.test(gracePeriod))
    throw usageError(`--grace-period: "${gracePeriod}" is not a number of seconds`);
  const client = await context.client();
  for (const name of wanted) {
    await client.deletePod(
      context.namespace,
      name,
      gracePeriod === undefined ? undefined : Number(gracePeriod),
    );
    context.output.data(`pod "${name}" deleted`);
  }
  return 0;
}
