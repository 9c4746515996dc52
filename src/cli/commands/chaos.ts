import { setTimeout as sleep } from 'node:timers/promises';
import { type DrillKind, drillKinds, isDrillKind } from '../../api/drill.js';
import type { Pod } from '../../api/types/resources.js';
import { AppError, isAppError, messageOf } from '../../lib/app-error.js';
import { seededRandom } from '../../lib/seeded-random.js';
import type { CliContext } from '../cli-context.js';
import { commandLine } from '../command-line.js';
import { drillTargets, pickSome } from '../drill-targets.js';
import { usageError } from '../usage-error.js';

interface ChaosOptions {
  readonly selector?: string;
  readonly container?: string;
  readonly for?: number;
  readonly code?: string;
  readonly every?: number;
  readonly count?: string;
  readonly seed?: string;
  readonly dryRun?: boolean;
  readonly output?: string;
}

/**
 * `chaos KIND [TARGET]`: a fault on all pods that the target means, or on --count of them; with --every on one of them, again and again.
 * Exit code 1 when there is nothing to break.
 */
export async function chaos(
  context: CliContext,
  kind: string,
  target: string | undefined,
  options: ChaosOptions,
): Promise<number> {
  if (!isDrillKind(kind)) throw usageError(`${kind} is no drill`, `drills: ${drillKinds.join(', ')}`);
  if (target === undefined && options.selector === undefined)
    throw usageError('say what to break', 'a pod, decode-0, G-2, ms/NAME, or -l SELECTOR');
  if (options.output !== undefined && options.output !== 'json')
    throw usageError(`-o ${options.output} is not known here`, '-o json');
  const count = options.count === undefined ? undefined : wholeNumber('--count', options.count);
  const code = options.code === undefined ? undefined : wholeNumber('--code', options.code);
  const seed =
    options.seed === undefined ? Math.floor(Math.random() * 1e6) : wholeNumber('--seed', options.seed);
  const random = seededRandom(seed);
  const client = await context.client();
  const find = async (): Promise<Pod[]> => {
    const search = {
      namespace: context.namespace,
      ...(options.selector !== undefined && { labelSelector: options.selector }),
    };
    return drillTargets(await client.list('pods', search), target);
  };
  const hit = async ({ metadata }: Pod, note: string | undefined) => {
    const drill = {
      kind: kind as DrillKind,
      namespace: metadata.namespace,
      pod: metadata.name,
      ...(options.container !== undefined && { container: options.container }),
      ...(options.for !== undefined && { forMs: options.for }),
      ...(code !== undefined && { code }),
      ...(note !== undefined && { note }),
    };
    const outcome = options.dryRun
      ? { reason: 'DryRun', message: `${kind} would hit it` }
      : await client.control.drill(drill);
    const at = new Date(context.now()).toISOString();
    context.output.data(
      options.output === 'json'
        ? JSON.stringify({ at, pod: metadata.name, ...outcome })
        : `${at.slice(11, 19)} ${outcome.reason} pod/${metadata.name}: ${outcome.message}`,
    );
  };
  if (options.every === undefined) {
    const all = await find();
    if (all.length === 0) throw nothingToBreak(context, target ?? `-l ${options.selector}`);
    const chosen = count === undefined ? all : pickSome(all, count, random);
    const note = chosen.length < all.length ? `seed ${seed}` : undefined;
    for (const pod of chosen) await hit(pod, note);
    return 0;
  }
  context.output.progress(`seed ${seed}: the same seed chooses the same way; Ctrl-C ends it`);
  for (let round = 1; count === undefined || round <= count; round++) {
    const [pod] = pickSome(await find(), 1, random);
    try {
      if (pod) await hit(pod, `seed ${seed}, round ${round}`);
      else context.output.progress(`round ${round}: nothing to break`);
    } catch (error) {
      // What does not run just now is broken enough.
      if (!isAppError(error, 'Conflict') && !isAppError(error, 'NotFound')) throw error;
      context.output.progress(`round ${round}: ${messageOf(error)}`);
    }
    if (round === count) break;
    try {
      await sleep(options.every, undefined, { signal: context.signal });
    } catch {
      return 0;
    }
  }
  return 0;
}

const nothingToBreak = (context: CliContext, what: string): AppError =>
  new AppError('NotFound', `no pod of this daemon is meant by ${what}: drills hit nothing else`, {
    hint: commandLine(context, 'get pods'),
  });

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw usageError(`${option}: "${text}" is not a whole number from 0`);
  return Number(text);
}
