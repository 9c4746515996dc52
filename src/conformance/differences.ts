import { stableJson } from '../lib/stable-json.js';
import type { Facts } from './conformance-case.js';

/** What stays or is gone in the end, in whatever order a case lists it. */
const sets = new Set(['remaining', 'remainingOrdinals', 'newlyDeleted', 'finalOrdinals', 'stillDeleting']);

/** What is expected and is not so, each as `field: expected …, found …`. Of maps, only the expected keys count; texts of errors may differ. Pure. */
export function differences(expected: Facts, found: Facts): string[] {
  if (expectsError(expected)) return found.error ? [] : ['an error was expected'];
  if (found.error) return [`an error was not expected: ${String(found.error)}`];
  return Object.entries(expected).flatMap(([field, value]) => {
    if (field === 'error' || field === 'errorContains') return [];
    const absent = /^absent(.*)$/.exec(field)?.[1];
    if (absent !== undefined) {
      const there = (value as string[]).filter((name) => name in (found[absent.toLowerCase()] ?? {}));
      return there.length > 0 ? [`${absent.toLowerCase()} that must not be there: ${there.join(', ')}`] : [];
    }
    const isRight =
      field === 'errors'
        ? sameErrors(value ?? [], found[field] ?? [])
        : matches(inOrder(field, value), inOrder(field, found[field]));
    return isRight
      ? []
      : [`${field}: expected ${stableJson(value)}, found ${stableJson(found[field] ?? null)}`];
  });
}

export const expectsError = ({ error, errorContains }: Facts): boolean => Boolean(error || errorContains);

/** Fields and kinds of errors, each as often as one likes; the words are each program's own. */
function sameErrors(expected: Facts[], found: Facts[]): boolean {
  const isOf = (one: Facts, other: Facts) =>
    one.type === other.type &&
    (one.field === other.field || (one.below && other.field.startsWith(`${one.field}.`)));
  return (
    expected.every((each) => found.some((other) => isOf(each, other))) &&
    found.every((each) => expected.some((other) => isOf(other, each)))
  );
}

const inOrder = (field: string, value: unknown): unknown =>
  sets.has(field) && Array.isArray(value)
    ? [...value].sort((a, b) => String(a).localeCompare(String(b)))
    : value;

/** null, an absent field and an empty one are the same. */
function matches(expected: unknown, found: unknown): boolean {
  if (isEmpty(expected)) return isEmpty(found);
  if (Array.isArray(expected) || typeof expected !== 'object')
    return stableJson(expected) === stableJson(found ?? null);
  const wanted = Object.entries(expected as object);
  if (typeof found !== 'object' || found === null) return wanted.length === 0;
  return wanted.every(([key, value]) => matches(value, (found as Facts)[key]));
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
