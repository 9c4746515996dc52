import { parseQuantity } from '../lib/parse-quantity.js';
import { gpuResource } from './node-gpus.js';

/** What a person says about the one Node, as written on the command line; each replaces what was said of it before. */
export interface NodeOptions {
  /** auto, none, a count, ids separated by commas, or fake:COUNT. */
  readonly gpus?: string | undefined;
  /** How many containers may have one device at a time. */
  readonly gpuSlots?: number | undefined;
  /** NAME=QUANTITY each; ["none"] for what the engine says. */
  readonly capacity?: readonly string[] | undefined;
}

export type GpuChoice = { readonly kind: 'auto' } | { readonly kind: 'ids'; readonly ids: readonly string[] };

const mostGpus = 1024;

/** Undefined when it cannot be understood. Pure. */
export function parseGpus(text: string): GpuChoice | undefined {
  if (text === 'auto') return { kind: 'auto' };
  if (text === 'none') return { kind: 'ids', ids: [] };
  const [, fake, count] = /^(fake:)?(\d{1,4})$/.exec(text) ?? [];
  if (count !== undefined) {
    if (Number(count) > mostGpus) return undefined;
    const ids = Array.from({ length: Number(count) }, (_, at) =>
      fake === undefined ? String(at) : `fake-${at}`,
    );
    return { kind: 'ids', ids };
  }
  // One id alone may be written with a comma after it: "3,".
  const ids = text.split(',').filter((each, at, all) => each !== '' || at < all.length - 1);
  const good =
    ids.every((id) => /^[A-Za-z0-9][A-Za-z0-9._:/=-]*$/.test(id)) && new Set(ids).size === ids.length;
  const isList = text.includes(',') || /^(GPU|MIG)-|=/.test(text);
  return good && isList && ids.length > 0 ? { kind: 'ids', ids } : undefined;
}

/** Quantities by resource name, or what is wrong with an entry. Pure. */
export function parseCapacity(
  entries: readonly string[],
): { readonly amounts: Readonly<Record<string, string>> } | { readonly problem: string } {
  const amounts: Record<string, string> = {};
  for (const entry of entries) {
    if (entry === 'none' && entries.length === 1) continue;
    const at = entry.indexOf('=');
    const [name, quantity] = [entry.slice(0, Math.max(at, 0)), entry.slice(at + 1)];
    if (name === gpuResource)
      return { problem: `${entry}: GPUs have ids, so --gpus says how many there are` };
    if (!/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name))
      return { problem: `${entry}: NAME=QUANTITY is expected, as in memory=64Gi or rdma/hca=4` };
    const value = parseQuantity(quantity);
    if (value === undefined || value < 0)
      return { problem: `${entry}: "${quantity}" is no quantity; write it as in a Pod: 4, 500m, 64Gi` };
    amounts[name] = quantity;
  }
  return { amounts };
}

/** What is wrong with the options, in the words of the command line; undefined when nothing is. Pure. */
export function nodeOptionsProblem({ gpus, gpuSlots, capacity }: NodeOptions): string | undefined {
  if (gpus !== undefined && parseGpus(gpus) === undefined)
    return `--gpus ${gpus}: a count, device ids separated by commas, none, auto or fake:COUNT`;
  if (gpuSlots !== undefined && !(Number.isInteger(gpuSlots) && gpuSlots >= 1 && gpuSlots <= 64))
    return '--gpu-slots: a whole number from 1 to 64';
  const parsed = parseCapacity(capacity ?? []);
  return 'problem' in parsed ? `--capacity ${parsed.problem}` : undefined;
}
