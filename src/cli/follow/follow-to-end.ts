import { AppError } from '../../lib/app-error.js';
import { humanDuration } from '../../lib/human-duration.js';
import type { CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { commandLine, shellWord } from '../command-line.js';
import { type FollowOutcome, followServings, type ServingRef } from './follow-servings.js';

/** Follows the servings in lines until all are Available, and says what can be done next; throws Failed and TimedOut with the reasons. */
export async function followToEnd(
  context: CliContext,
  client: CliClient,
  files: readonly string[],
  refs: readonly ServingRef[],
  limitMs: number,
): Promise<number> {
  const startedMs = context.now();
  const outcome: FollowOutcome = await followServings(context, client, refs, limitMs);
  const { output } = context;
  switch (outcome.type) {
    case 'available':
      for (const { metadata, spec, status } of outcome.servings) {
        output.data(
          `${output.stdout.status('good', 'Available')} ${metadata.name}: ${status?.availableReplicas ?? 0}/${spec.replicas} groups Running`,
        );
      }
      output.progress(
        `all is running after ${humanDuration(context.now() - startedMs)}, and goes on running`,
      );
      sayNext(context, files, refs);
      return 0;
    case 'hopeless':
      throw new AppError(
        'Failed',
        `this cannot become Available by itself:\n  ${outcome.reasons.join('\n  ')}`,
        {
          hint: `put it right in ${files.join(', ')} and save; what runs is left running (${downLine(context, files)} removes it)`,
        },
      );
    case 'late':
      throw new AppError(
        'TimedOut',
        `not Available after ${humanDuration(limitMs)}: ${outcome.reasons.join('; ')}`,
        {
          hint: `it goes on; look at it with: ${commandLine(context, 'get all')}`,
        },
      );
    case 'interrupted':
      output.progress(`everything goes on running; ${downLine(context, files)} removes it`);
      return 130;
  }
}

/** The next commands, as they can be run from here. */
export function sayNext(context: CliContext, files: readonly string[], refs: readonly ServingRef[]): void {
  const { output } = context;
  const name = refs[0]?.name ?? 'NAME';
  const file = files.map(shellWord).join(' ');
  const lines = [
    ['get all', 'what runs'],
    ['tui', 'watch and scale in the terminal'],
    ...(isElsewhere(context)
      ? [[`up ${file}`, 'apply what was edited']]
      : [
          [`scale ${name} --replicas 3`, `or edit ${file} and save`],
          [`plan ${name} --replicas 1`, 'the stages of a change, without doing it'],
        ]),
    [isElsewhere(context) ? `down ${file}` : 'down', 'remove everything'],
  ].map(([command = '', what = '']) => [commandLine(context, command), what] as const);
  const width = Math.max(...lines.map(([command]) => command.length));
  output.progress('next:');
  for (const [command, what] of lines) output.progress(`  ${command.padEnd(width)}  # ${what}`);
}

/** Whether it is another cluster than that of this machine's daemon. */
export const isElsewhere = ({ options }: CliContext): boolean =>
  options.context !== undefined || options.kubeconfig !== undefined;

/** Elsewhere there is more than ours: only what the files name is removed. */
const downLine = (context: CliContext, files: readonly string[]): string =>
  commandLine(context, isElsewhere(context) ? `down ${files.map(shellWord).join(' ')}` : 'down');
