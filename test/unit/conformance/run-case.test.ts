import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConformanceCase } from '../../../src/conformance/conformance-case.js';
import { runCase } from '../../../src/conformance/run-case.js';

const casesOf = (file: string): ConformanceCase[] =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));

describe('decisions of kthena’s controller', () => {
  it.each(casesOf('./upstream-decisions.json'))('$id', (each) => {
    expect(runCase(each)).toEqual({ verdict: 'passed' });
  });
});

describe('forms that a case may have', () => {
  it.each(casesOf('./further-decisions.json'))('$id', (each) => {
    const { verdict, note = '' } = runCase(each);
    expect(verdict, note).toBe(each.id.startsWith('skipped-') ? 'skipped' : 'passed');
    expect(note.startsWith('deviates: ')).toBe(each.id.startsWith('deviates-'));
  });
});

describe('the runner', () => {
  const fact = (expectation: object, given: object = { existingOrdinals: [0] }, op = 'findMissingOrdinals') =>
    runCase({ id: 'x', given, when: { op, expectedCount: 3, limit: 9 }, expect: expectation });

  it('fails what comes out otherwise, and says how', () => {
    expect(fact({ ordinals: [1, 2] })).toEqual({ verdict: 'passed' });
    expect(fact({ ordinals: [1] })).toEqual({
      verdict: 'failed',
      note: 'ordinals: expected [1], found [1,2]',
    });
    expect(fact({ nothing: 1 })).toMatchObject({ verdict: 'failed' });
  });

  it('does not stumble over a case of another form', () => {
    expect(fact({ ordinals: [1] }, {})).toMatchObject({ verdict: 'failed' });
  });

  it('skips operations it does not know and faults of a store', () => {
    expect(fact({}, {}, 'fly')).toMatchObject({ verdict: 'skipped' });
    expect(fact({}, { fault: 'the disk is full' })).toMatchObject({ verdict: 'skipped' });
  });

  it('expects what is ours where we differ on purpose, and says why', () => {
    const found = runCase({
      id: 'x',
      given: {
        groups: [{ ordinal: 1, status: 'Running', revision: 'one' }],
        partition: 2,
        statusCurrentRevision: 'one',
        snapshots: {},
      },
      when: { op: 'scaleUpGroups', replicas: 2, newRevision: 'two' },
      expect: { createdOrdinals: [0], createdRevision: { 0: 'one' }, templateSource: 'spec' },
    });
    expect(found).toMatchObject({ verdict: 'passed', note: expect.stringContaining('deviates') });
  });
});
