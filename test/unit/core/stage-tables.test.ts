import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../src/core/change-of.js';
import { simulate } from '../../../src/core/simulate.js';
import type { Desired } from '../../../src/core/types.js';
import { role, running, wanted } from './world.js';

const roles = [role('prefill'), role('decode')];
const table = (before: Desired, after: Desired) =>
  simulate(after, running(before), 0, factsOf(before)).map(
    ({ cells, note }) => `${cells.map((cell) => cell || '  ').join(' ')} | ${note}`,
  );

describe('the published stage tables', () => {
  it('scaling up 3 → 4', () => {
    expect(table(wanted(3, roles), wanted(4, roles))).toEqual([
      '✅ ✅ ✅ | Before scaling up',
      '✅ ✅ ✅ ⏳ | Scaling up started, the replica with the highest ordinal (G-3) is creating',
      '✅ ✅ ✅ ✅ | Scale completed',
    ]);
  });

  it('scaling down 4 → 3', () => {
    expect(table(wanted(4, roles), wanted(3, roles))).toEqual([
      '✅ ✅ ✅ ✅ | Before scaling down',
      '✅ ✅ ✅ ⏳ | Scaling down started, the replica with the highest ordinal (G-3) is deleting',
      '✅ ✅ ✅ | Scale completed',
    ]);
  });

  it('scaling a role in 4 groups', () => {
    expect(table(wanted(4, roles), wanted(4, [role('prefill', 2), role('decode')]))).toEqual([
      '✅ ✅ ✅ ✅ | Before scaling the roles',
      '❎ ❎ ❎ ⏳ | Role scaling started, the replica with the highest ordinal (G-3) is scaling',
      '❎ ❎ ⏳ ✅ | G-3 is scaled. The roles in next replica (G-2) is now scaling',
      '❎ ⏳ ✅ ✅ | G-2 is scaled. The roles in next replica (G-1) is now scaling',
      '⏳ ✅ ✅ ✅ | G-1 is scaled. The roles in next replica (G-0) is now scaling',
      '✅ ✅ ✅ ✅ | Scale completed',
    ]);
  });
});

describe('further tables', () => {
  it('scaling down 4 → 2 takes the highest first', () => {
    expect(table(wanted(4, roles), wanted(2, roles))).toEqual([
      '✅ ✅ ✅ ✅ | Before scaling down',
      '✅ ✅ ❎ ⏳ | Scaling down started, the replica with the highest ordinal (G-3) is deleting',
      '✅ ✅ ⏳ | G-3 is deleted. The next replica (G-2) is now deleting',
      '✅ ✅ | Scale completed',
    ]);
  });

  it('scaling up 1 → 3 goes one by one', () => {
    expect(table(wanted(1, roles), wanted(3, roles))).toEqual([
      '✅ | Before scaling up',
      '✅ ⏳ | Scaling up started, the replica with the highest ordinal (G-1) is creating',
      '✅ ✅ ⏳ | G-1 is created. The next replica (G-2) is now creating',
      '✅ ✅ ✅ | Scale completed',
    ]);
  });

  it('a roll-out of 4 groups with maxUnavailable 1', () => {
    expect(table(wanted(4, roles), wanted(4, [role('prefill', 1, 'b'), role('decode')]))).toEqual([
      '✅ ✅ ✅ ✅ | Before the roll-out',
      '❎ ❎ ❎ ⏳ | Roll-out started, the replica with the highest ordinal (G-3) is updating',
      '❎ ❎ ⏳ ✅ | G-3 is updated. The next replica (G-2) is now updating',
      '❎ ⏳ ✅ ✅ | G-2 is updated. The next replica (G-1) is now updating',
      '⏳ ✅ ✅ ✅ | G-1 is updated. The next replica (G-0) is now updating',
      '✅ ✅ ✅ ✅ | Roll-out completed',
    ]);
  });

  it('maxUnavailable 2 takes G-3 and G-2 together, and brings G-2 back first', () => {
    expect(
      table(wanted(4, roles), wanted(4, [role('prefill', 1, 'b'), role('decode')], { maxUnavailable: 2 })),
    ).toEqual([
      '✅ ✅ ✅ ✅ | Before the roll-out',
      '❎ ❎ ⏳ ⏳ | Roll-out started, G-3, G-2 are updating',
      '❎ ❎ ⏳ | G-3 is deleted. The next replica (G-2) is now updating',
      '❎ ❎ ✅ ⏳ | G-2 is updated. The next replica (G-3) is now updating',
      '⏳ ⏳ ✅ ✅ | G-3 is updated. The next replicas (G-1, G-0) are now updating',
      '⏳    ✅ ✅ | G-1 is deleted. The next replica (G-0) is now updating',
      '✅ ⏳ ✅ ✅ | G-0 is updated. The next replica (G-1) is now updating',
      '✅ ✅ ✅ ✅ | Roll-out completed',
    ]);
  });

  it('groups and roles in one save: first the groups, then the roles from the highest', () => {
    expect(table(wanted(2, roles), wanted(3, [role('prefill', 2), role('decode')]))).toEqual([
      '✅ ✅ | Before scaling up and scaling the roles',
      '❎ ❎ ⏳ | Scaling up started, the replica with the highest ordinal (G-2) is creating',
      '❎ ⏳ ✅ | G-2 is scaled. The roles in next replica (G-1) is now scaling',
      '⏳ ✅ ✅ | G-1 is scaled. The roles in next replica (G-0) is now scaling',
      '✅ ✅ ✅ | Scale completed',
    ]);
  });

  it('fills a gap in the ordinals', () => {
    const before = wanted(4, roles);
    const state = running(before, [0, 2, 3]);
    const stages = simulate(before, state, 0, factsOf(before)).map(({ cells }) => cells);
    expect(stages).toEqual([
      ['✅', '', '✅', '✅'],
      ['✅', '⏳', '✅', '✅'],
      ['✅', '✅', '✅', '✅'],
    ]);
  });

  it('nothing to do has no stages', () => {
    expect(table(wanted(3, roles), wanted(3, roles))).toEqual([]);
  });

  it('the deletion of the ModelServing goes from the highest ordinal down', () => {
    expect(table(wanted(3, roles), wanted(3, roles, { deleting: true })).at(2)).toBe(
      '❎ ⏳ | G-2 is deleted. The next replica (G-1) is now deleting',
    );
  });
});
