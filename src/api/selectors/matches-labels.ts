import { type LabelTerm, parseInteger } from './parse-label-selector.js';

/** Whether labels are as every term says. A label that is not there is in no set, and neither above nor below a number. Pure. */
export const matchesLabels = (
  terms: readonly LabelTerm[],
  labels: Readonly<Record<string, string>> = {},
): boolean =>
  terms.every((term) => holds(term, Object.hasOwn(labels, term.key) ? labels[term.key] : undefined));

function holds(term: LabelTerm, value: string | undefined): boolean {
  switch (term.operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && term.values.has(value);
    case 'notin':
      return value === undefined || !term.values.has(value);
    default: {
      const number = value === undefined ? undefined : parseInteger(value);
      if (number === undefined) return false;
      return term.operator === '>' ? number > term.bound : number < term.bound;
    }
  }
}
