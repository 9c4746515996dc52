import type { ObjectMeta } from '../api/types/object-meta.js';
import type { ListFilter } from './object-store.js';

/** Whether an object is meant by namespace, label selector and field selector, in kubectl's syntax. Pure. */
export function matchesFilter(object: { metadata: ObjectMeta }, filter: ListFilter): boolean {
  const { namespace, labelSelector = '', fieldSelector = '' } = filter;
  if (namespace !== undefined && object.metadata.namespace !== namespace) return false;
  const labels = object.metadata.labels ?? {};
  return (
    terms(labelSelector).every((term) => matches(term, (key) => labels[key])) &&
    terms(fieldSelector).every((term) => matches(term, (path) => fieldOf(object, path) ?? ''))
  );
}

// A comma inside parentheses separates values, not terms.
const terms = (selector: string) =>
  selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '');

const fieldOf = (object: unknown, path: string): string | undefined => {
  let value = object;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value === undefined ? undefined : String(value);
};

function matches(term: string, lookUp: (key: string) => string | undefined): boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term);
  if (set) {
    const value = lookUp(set[1]!);
    const listed = value !== undefined && set[3]!.split(',').some((item) => item.trim() === value);
    return set[2] === 'in' ? listed : !listed;
  }
  const equality = /^([^=!]+?)\s*(==|!=|=)\s*(.*)$/.exec(term);
  if (equality) return (lookUp(equality[1]!) === equality[3]!) === (equality[2] !== '!=');
  return term.startsWith('!') ? lookUp(term.slice(1).trim()) === undefined : lookUp(term) !== undefined;
}
