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
  const count = options.count === undefined ? undefined : wholeNumber('--count', options.count, 1);
  const code = options.code === undefined ? undefined : wholeNumber('--code', options.code, 0, 255);
  for (const [option, span] of [
    ['--for', options.for],
    ['--every', options.every],
  ])
    if (span === 0) throw usageError(`${option} is longer than nothing`, 'write for example 30s');
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
  const hit = async ({ metadata, spec }: Pod, note: string | undefined) => {
    const { container } = options;
    const names = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map((each) => each.name);
    if (container !== undefined && !names.includes(container))
      throw new AppError('NotFound', `container ${container} is not valid for pod ${metadata.name}`, {
        hint: `its containers: ${names.join(', ')}`,
      });
    const drill = {
      kind: kind as DrillKind,
      namespace: metadata.namespace,
      pod: metadata.name,
      ...(container !== undefined && { container }),
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
    const meant = [target, options.selector && `-l ${options.selector}`].filter(Boolean).join(' ');
    if (all.length === 0) throw nothingToBreak(context, meant);
    const chosen = count === undefined ? all : pickSome(all, count, random);
    const note = chosen.length < all.length ? `seed ${seed}` : undefined;
    let missed = 0;
    for (const pod of chosen) {
      try {
        await hit(pod, note);
      } catch (error) {
        // One that is down already keeps nobody from breaking the others.
        if (chosen.length === 1 || !isBrokenAlready(error)) throw error;
        context.output.progress(messageOf(error));
        missed++;
      }
    }
    return missed === chosen.length ? 1 : 0;
  }
  context.output.progress(`seed ${seed}: the same seed chooses the same way; Ctrl-C ends it`);
  for (let round = 1; count === undefined || round <= count; round++) {
    const [pod] = pickSome(await find(), 1, random);
    try {
      if (pod) await hit(pod, `seed ${seed}, round ${round}`);
      else context.output.progress(`round ${round}: nothing to break`);
    } catch (error) {
      if (!isBrokenAlready(error)) throw error;
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

/** What does not run just now, or is gone, is broken enough. */
const isBrokenAlready = (error: unknown): boolean =>
  isAppError(error, 'Conflict') || isAppError(error, 'NotFound');

const nothingToBreak = (context: CliContext, what: string): AppError =>
  new AppError('NotFound', `no pod of this daemon is meant by ${what}: drills hit nothing else`, {
    hint: commandLine(context, 'get pods'),
  });

function wholeNumber(option: string, text: string, least = 0, most = 999_999_999): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  const range = most === 255 ? `from ${least} to ${most}` : `from ${least}`;
  throw usageError(`${option}: "${text}" is not a whole number ${range}`);
}
