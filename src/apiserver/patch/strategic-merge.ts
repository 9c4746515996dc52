import { AppError } from '../../lib/app-error.js';
import { stableJson } from '../../lib/stable-json.js';
import { isMap, mergeKeyOf } from './merge-key.js';

type Item = Readonly<Record<string, unknown>>;

const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';

/**
 * Kubernetes' strategic merge patch: as a merge patch, but lists whose items have a key are merged item by item, and `$patch`,
 * `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…` say what cannot be said by values. Throws Usage. Pure.
 */
export function strategicMerge(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const { $patch: directive, $retainKeys: retained, ...own } = patch;
  if (directive === 'replace') return withoutDirectives(own);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') throw refused(`$patch: ${JSON.stringify(directive)}`);
  const result = new Map(isMap(target) ? Object.entries(target) : []);
  if (retained !== undefined) {
    if (!Array.isArray(retained)) throw refused('$retainKeys is a list of keys');
    for (const key of result.keys()) if (!retained.includes(key)) result.delete(key);
  }
  for (const [key, value] of Object.entries(own)) {
    if (key.startsWith(orderPrefix)) continue;
    if (key.startsWith(deletePrefix)) {
      const field = key.slice(deletePrefix.length);
      const going = listIn(key, value).map((each) => stableJson(each));
      const left = listIn(field, result.get(field) ?? []).filter((each) => !going.includes(stableJson(each)));
      result.set(field, left);
    } else if (value === null) result.delete(key);
    else if (Array.isArray(value)) result.set(key, mergedList(key, result.get(key), value));
    else result.set(key, strategicMerge(result.get(key), value));
  }
  for (const [key, value] of Object.entries(own)) {
    if (!key.startsWith(orderPrefix)) continue;
    const field = key.slice(orderPrefix.length);
    const list = result.get(field);
    if (Array.isArray(list)) result.set(field, ordered(field, list, listIn(key, value)));
  }
  return Object.fromEntries(result);
}

function mergedList(field: string, target: unknown, patch: readonly unknown[]): unknown[] {
  const before = Array.isArray(target) ? target : [];
  // The one list of plain values that Kubernetes merges.
  if (field === 'finalizers') return [...new Set([...before, ...patch])];
  const key = mergeKeyOf(field, before, patch);
  if (key === undefined) return patch.map(withoutDirectives);
  const items = patch.map((each) => {
    if (isMap(each)) return each;
    throw refused(`${field} is a list of maps`);
  });
  if (items.some(({ $patch }) => $patch === 'replace'))
    return items.filter(({ $patch }) => $patch !== 'replace').map(withoutDirectives);
  const result = [...before];
  for (const item of items) {
    const value = item[key];
    if (value === undefined)
      throw refused(`map: ${stableJson(item)} does not contain declared merge key: ${key}`);
    const at = result.findIndex((each) => isMap(each) && each[key] === value);
    if (item.$patch === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at < 0) result.push(strategicMerge({}, item));
    else result[at] = strategicMerge(result[at], item);
  }
  return result;
}

/** Those that an order names stand in it; the others keep their places. */
function ordered(field: string, list: readonly unknown[], order: readonly unknown[]): unknown[] {
  const key = mergeKeyOf(field, list, order);
  const nameOf = (each: unknown) => (key !== undefined && isMap(each) ? each[key] : each);
  const names = order.map(nameOf);
  const inOrder = names.flatMap((name) => list.filter((each) => nameOf(each) === name));
  return list.map((each) => (names.includes(nameOf(each)) ? inOrder.shift() : each));
}

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isMap(value)) return value;
  const own = Object.entries(value as Item).filter(([key, each]) => !key.startsWith('$') && each !== null);
  return Object.fromEntries(own.map(([key, each]) => [key, withoutDirectives(each)]));
}

function listIn(field: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw refused(`${field} is a list`);
}

const refused = (why: string): AppError =>
  new AppError('Usage', `the strategic merge patch cannot be applied: ${why}`);
