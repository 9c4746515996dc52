import { gpuResource } from '../api/node-gpus.js';
import { amountText } from '../core/amount-text.js';
import type { Unit } from './units.js';

/** One thing that is missing. */
export type Shortage =
  | {
      readonly kind: 'resource';
      readonly resource: string;
      readonly requested: number;
      readonly free: number;
      readonly total: number;
      /** There would be enough, and it is kept for these, who came first. */
      readonly keptFor?: string;
      /** There are enough slots, and on too few devices: a container gets each device once. */
      readonly devices?: number;
    }
  | { readonly kind: 'ports'; readonly taken: readonly string[] };

/** Why a unit waits, as Kubernetes' scheduler would say it, with the numbers. `never`: it asks for more than there is in all. Pure. */
export function waitMessage(unit: Unit, shortages: readonly Shortage[], never: boolean): string {
  const reasons = shortages.map((shortage) =>
    shortage.kind === 'ports'
      ? "1 node(s) didn't have free ports for the requested pod ports"
      : `1 Insufficient ${shortage.resource} (${numbers(unit, shortage, never)})`,
  );
  const taken = shortages.flatMap((each) => (each.kind === 'ports' ? each.taken : []));
  return [
    `0/1 nodes are available: ${reasons.join(', ')}.`,
    ...(taken.length > 0 && !never ? [`Taken: ${[...new Set(taken)].join(', ')}.`] : []),
    ...(never ? [`This can never fit${why(shortages)}.`] : []),
  ].join(' ');
}

function numbers(unit: Unit, shortage: Shortage & { kind: 'resource' }, never: boolean): string {
  const { resource, requested, free, total, keptFor, devices } = shortage;
  const all = unit.pods.length + unit.placed.length;
  const by = unit.name === '' || all === 1 ? '' : ` by the ${all} pods of ${unitName(unit)}`;
  const asked = `${amountText(resource, requested)} requested${by}`;
  if (never) return `${asked}, ${amountText(resource, total)} in all`;
  const on = devices === undefined ? '' : ` on ${devices} ${devices === 1 ? 'device' : 'devices'}`;
  return `${asked}, ${amountText(resource, free)} free${on}${keptFor === undefined ? '' : ` and kept for ${keptFor}, which came first`}`;
}

const unitName = (unit: Unit): string => `gang ${unit.name}`;

/** One thing to do next. */
function why(shortages: readonly Shortage[]): string {
  const [first] = shortages;
  if (first?.kind !== 'resource') return ': two of its pods want the same host port';
  if (first.resource === gpuResource) {
    return first.total === 0
      ? ': the node has no GPUs (`minithena up FILE --stand-in` runs vLLM and SGLang without, `--gpus N` says which there are)'
      : first.devices !== undefined
        ? ': a container needs that many distinct devices'
        : '; ask for less, or see `minithena up --help` for --gpus and --gpu-slots';
  }
  return `; ask for less, or say what there is with \`minithena up FILE --capacity ${first.resource}=N\``;
}
