import { annotation, label } from '../../api/labels.js';
import { AppError } from '../../lib/app-error.js';
import { humanDuration } from '../../lib/human-duration.js';
import type { CliContext } from '../cli-context.js';
import { commandLine } from '../command-line.js';
import { lasting, rolloutProgress } from '../rollout-progress.js';
import { specInvalid } from '../spec-invalid.js';
import { syncFiles } from '../sync-files.js';
import { servingName } from './scale.js';

/** What has stood as it does for so long is worth saying again, with its time. */
const repeatMs = 10_000;

/**
 * `rollout status NAME`: a line for each thing that changes until the roll-out is complete. Exit code 0: complete, 1: paused, 124: the time
 * is over; throws SpecInvalid when the file does not validate, since what is in force is then not what it says.
 */
export async function rolloutStatus(
  context: CliContext,
  word: string,
  options: { watch: boolean; timeout: number },
): Promise<number> {
  const name = servingName(word);
  const { namespace, output } = context;
  const client = await context.client();
  await syncFiles(client);
  let told = '';
  const look = async (isRepeated: boolean) => {
    const serving = await client.get('modelservings', namespace, name);
    const invalid = serving.metadata.annotations?.[annotation.invalidSpec];
    if (invalid !== undefined) throw specInvalid(`modelserving/${name}`, invalid);
    const search = { namespace, labelSelector: `${label.modelServing}=${name}` };
    const operations = await client.list('scalingoperations', search);
    const progress = rolloutProgress(
      serving,
      [...operations].sort((a, b) => a.spec.generation - b.spec.generation).at(-1),
    );
    if (progress.line !== told || isRepeated) {
      const line = progress.line + lasting(progress.sinceMs, context.now());
      if (progress.state === 'complete') output.data(progress.line);
      else output.data(`Waiting for the roll-out of ${name}: ${line}`);
      if (isRepeated) output.progress(`to go back: ${commandLine(context, `rollout undo ${name}`)}`);
    }
    told = progress.line;
    return progress;
  };
  const first = await look(false);
  if (first.state === 'paused') return paused(context, name);
  if (first.state === 'complete' || !options.watch) return 0;
  return new Promise<number>((resolve, reject) => {
    const done = new AbortController();
    const signal = AbortSignal.any([context.signal, done.signal]);
    let looking = Promise.resolve();
    const end = (how: () => void) => {
      clearInterval(again);
      clearTimeout(limit);
      done.abort();
      how();
    };
    const lookSoon = (isRepeated: boolean) => {
      looking = looking.then(async () => {
        if (signal.aborted) return;
        const progress = await look(isRepeated);
        if (progress.state === 'complete') end(() => resolve(0));
        if (progress.state === 'paused') end(() => resolve(paused(context, name)));
      });
      looking.catch((error: unknown) => end(() => reject(error as Error)));
    };
    const again = setInterval(() => lookSoon(true), repeatMs);
    const limit =
      options.timeout > 0
        ? setTimeout(() => end(() => reject(late(context, name, told, options.timeout))), options.timeout)
        : undefined;
    context.signal.addEventListener('abort', () => end(() => resolve(0)), { once: true });
    for (const resource of ['modelservings', 'scalingoperations'] as const)
      client
        .watch(resource, { namespace }, () => lookSoon(false), signal)
        .catch((error: unknown) => {
          if (!signal.aborted) end(() => reject(error as Error));
        });
  });
}

function paused(context: CliContext, name: string): number {
  context.output.progress(`to go on: ${commandLine(context, `rollout resume ${name}`)}`);
  return 1;
}

const late = (context: CliContext, name: string, told: string, timeoutMs: number): AppError =>
  new AppError('TimedOut', `after ${humanDuration(timeoutMs)}: ${told}`, {
    hint: `to go back: ${commandLine(context, `rollout undo ${name}`)}`,
  });
