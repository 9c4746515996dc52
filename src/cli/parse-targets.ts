import { allResources, findKind, kindOf, type ResourceKind } from './resource-kinds.js';
import { usageError } from './usage-error.js';

/** A kind, and the names asked for; no names means all of them. */
export interface Target {
  readonly kind: ResourceKind;
  readonly names: readonly string[];
}

/** Reads `pods`, `pods NAME…`, `pods,roles`, `pod/NAME ms/NAME` and `all`, as kubectl does. Throws Usage. */
export function parseTargets(words: readonly string[]): Target[] {
  const [first, ...names] = words;
  if (first === undefined)
    throw usageError('say what to look at', 'e.g. `minithena get pods`, or `minithena get all`');
  if (words.some((word) => word.includes('/'))) return parseSlashed(words);
  const kinds = first
    .split(',')
    .filter((word) => word !== '')
    .flatMap((word) => (word === 'all' ? allResources.map(kindOf) : [findKind(word)]));
  if (names.length > 0 && kinds.length !== 1)
    throw usageError('names can be given for one resource type only');
  return kinds.map((kind) => ({ kind, names }));
}

function parseSlashed(words: readonly string[]): Target[] {
  const targets: Target[] = [];
  for (const word of words) {
    const [type = '', name = '', ...more] = word.split('/');
    if (type === '' || name === '' || more.length > 0) {
      throw usageError(`"${word}" is not TYPE/NAME`, 'with TYPE/NAME every word must have this form');
    }
    const kind = findKind(type);
    const last = targets.at(-1);
    if (last?.kind === kind) targets[targets.length - 1] = { kind, names: [...last.names, name] };
    else targets.push({ kind, names: [name] });
  }
  return targets;
}
