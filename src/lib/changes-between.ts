import { stableJson } from './stable-json.js';

/** One place where two values differ; `value` is undefined where it is not there any more. */
export interface Change {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/**
 * What makes `after` of `before`, as few and as deep as can be: maps by key, lists of one length item by item, other lists as a whole. Pure.
 */
export function changesBetween(before: unknown, after: unknown, path: Change['path'] = []): Change[] {
  if (stableJson(before ?? null) === stableJson(after ?? null)) return [];
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return after.flatMap((each, at) => changesBetween(before[at], each, [...path, at]));
  }
  return [{ path, value: after ?? undefined }];
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
