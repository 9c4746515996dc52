import { stableJson } from '../lib/stable-json.js';
import type { Facts } from './conformance-case.js';

/** What is expected and is not so, each as `field: expected …, found …`. Of maps, only the expected keys count; texts of errors may differ. Pure. */
export function differences(expected: Facts, found: Facts): string[] {
  return Object.entries(expected).flatMap(([field, value]) => {
    if (field === 'absentLabels') {
      const there = (value as string[]).filter((name) => name in (found.labels ?? {}));
      return there.length > 0 ? [`labels that must not be there: ${there.join(', ')}`] : [];
    }
    if (field === 'errorContains') return found.error ? [] : ['an error was expected'];
    const shown = field === 'errors' ? errorsOf(value, found[field]) : found[field];
    return matches(value, shown)
      ? []
      : [`${field}: expected ${stableJson(value)}, found ${stableJson(shown ?? null)}`];
  });
}

/** Fields and kinds of errors in any order; the words are each program's own. */
function errorsOf(expected: Facts[], found: Facts[]): Facts[] {
  const rest = [...found];
  const known = expected.flatMap((each) => {
    const at = rest.findIndex(
      ({ field, type }) =>
        type === each.type && (field === each.field || (each.below && field.startsWith(`${each.field}.`))),
    );
    return at < 0 ? [] : rest.splice(at, 1).map(() => each);
  });
  return [...known, ...rest];
}

function matches(expected: unknown, found: unknown): boolean {
  if (Array.isArray(expected) || typeof expected !== 'object' || expected === null)
    return stableJson(expected ?? null) === stableJson(found ?? null);
  if (typeof found !== 'object' || found === null) return false;
  return Object.entries(expected).every(([key, value]) => matches(value, (found as Facts)[key]));
}
