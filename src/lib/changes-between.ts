import { diffArrays } from 'diff';
import { stableJson } from './stable-json.js';

/** One step on the way from one value to another; `value` is undefined where it is not there any more. */
export interface Change {
  /** Keys of maps and positions in lists, as they are when the changes before this one are made. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  /** The value becomes one more item, before the one that is at this place of the list now. */
  readonly inserted?: true;
}

/**
 * What makes `after` of `before`, as few and as deep as can be, to be made one after the other: maps by key, lists item by item, where items
 * with a name are the same when their names are. Pure.
 */
export function changesBetween(before: unknown, after: unknown, path: Change['path'] = []): Change[] {
  if (stableJson(before ?? null) === stableJson(after ?? null)) return [];
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length > 0 && after.length > 0)
    return listChanges(before, after, path);
  return [{ path, value: after ?? undefined }];
}

function listChanges(before: readonly unknown[], after: readonly unknown[], path: Change['path']): Change[] {
  const changes: Change[] = [];
  // Each place in the list before and after, and in the one that the changes so far have made.
  let [from, to, at] = [0, 0, 0];
  const parts = diffArrays<unknown>([...before], [...after], { comparator: isSameItem });
  parts.forEach((part, index) => {
    const { count, removed, added } = part;
    if (!removed && !added) {
      for (let left = count; left > 0; left--)
        changes.push(...changesBetween(before[from++], after[to++], [...path, at++]));
    } else if (removed) {
      const next = parts[index + 1];
      const pairs = next?.added ? Math.min(count, next.count) : 0;
      for (let each = 0; each < count; each++, from++) {
        // What has no name and another in its place has changed.
        const isPair = each < pairs && nameOf(before[from]) === undefined && nameOf(after[to]) === undefined;
        if (isPair) changes.push(...changesBetween(before[from], after[to++], [...path, at++]));
        else changes.push({ path: [...path, at], value: undefined });
      }
    } else {
      const end = startOf(parts, index) + count;
      while (to < end) changes.push({ path: [...path, at++], value: after[to++], inserted: true });
    }
  });
  return changes;
}

/** Where a part begins in the list that is wanted. */
const startOf = (parts: readonly { count: number; removed: boolean }[], index: number): number =>
  parts.slice(0, index).reduce((sum, part) => sum + (part.removed ? 0 : part.count), 0);

const isSameItem = (a: unknown, b: unknown): boolean =>
  stableJson(a ?? null) === stableJson(b ?? null) || (nameOf(a) !== undefined && nameOf(a) === nameOf(b));

const nameOf = (item: unknown): unknown => (isMap(item) ? item.name : undefined);

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
