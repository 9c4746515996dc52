import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesLabels } from '../../../../src/api/selectors/matches-labels.js';
import { parseFieldSelector } from '../../../../src/api/selectors/parse-field-selector.js';
import { parseLabelSelector } from '../../../../src/api/selectors/parse-label-selector.js';
import { isAppError } from '../../../../src/lib/app-error.js';
import kubernetes from './kubernetes-selectors.json' with { type: 'json' };

type Told = { matches?: readonly number[]; error?: string };
const sets = kubernetes.sets as readonly Record<string, string>[];

/** What a selector matches of the sets, or what its parser says against it. */
function ours(matcher: () => (set: Record<string, string>) => boolean): Told {
  try {
    const isMeant = matcher();
    return { matches: sets.flatMap((set, at) => (isMeant(set) ? [at] : [])) };
  } catch (error) {
    if (!isAppError(error, 'Usage')) throw error;
    return { error: error.message };
  }
}

describe('a label selector means what it means to Kubernetes', () => {
  it.each(kubernetes.labels as [string, Told][])('%j', (selector, told) => {
    const matcher = () => {
      const terms = parseLabelSelector(selector);
      return (set: Record<string, string>) => matchesLabels(terms, set);
    };
    expect(ours(matcher)).toEqual(told);
  });

  it('is read or refused, whatever it is', () => {
    const pieces = fc.constantFrom(...'a,b=!<>()/.-1 \t', 'in', 'notin', '==', 'é', '\u0000', '__proto__');
    const any = fc.oneof(
      fc.string(),
      fc.array(pieces).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(any, (text) => {
        ours(() => {
          const terms = parseLabelSelector(text);
          return (set) => matchesLabels(terms, set);
        });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a field selector means what it means to Kubernetes', () => {
  it.each(kubernetes.fields as [string, Told][])('%j', (selector, told) => {
    const matcher = () => {
      const terms = parseFieldSelector(selector);
      return (set: Record<string, string>) =>
        terms.every(({ field, operator, value }) => ((set[field] ?? '') === value) === (operator === '='));
    };
    // Kubernetes prints the number of the character that it refuses.
    const error = told.error?.replace(/value: 61$/, 'value: =');
    expect(ours(matcher)).toEqual(error === undefined ? told : { error });
  });

  it('finds again whatever value was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a,=\\! ') }), (value) => {
        const escaped = value.replaceAll(/[\\,=]/g, (special) => `\\${special}`);
        expect(parseFieldSelector(`x=${escaped},y!=1`)[0]).toEqual({ field: 'x', operator: '=', value });
      }),
    );
  });
});
