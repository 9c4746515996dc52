import { describe, expect, it } from 'vitest';
import { roleLimitsOf } from '../../../src/core/limits.js';
import { victims } from '../../../src/core/victims.js';
import { role, wanted } from './world.js';

describe('the limits of a role', () => {
  const byRole = wanted(1, [], { rolloutType: 'RoleRollingUpdate' });

  it.each([
    [{}, 1, 0],
    [{ maxUnavailable: 2, partition: 1 }, 2, 1],
    [{ maxUnavailable: '50%', partition: '50%' }, 1, 2],
    [{ maxUnavailable: '30%', partition: '0%' }, 1, 0],
    [{ maxUnavailable: '100%', partition: '100%' }, 3, 3],
  ])('%j of three: %i may be away, %i are kept', (limits, maxUnavailable, partition) => {
    const found = roleLimitsOf(byRole, { ...role('decode', 3), ...limits });
    expect(found).toEqual({ replicas: 3, maxUnavailable, partition });
  });

  it('keep nothing where groups are rolled as a whole', () => {
    expect(roleLimitsOf(wanted(1, []), { ...role('decode', 3), partition: 2 }).partition).toBe(0);
  });
});

it('what is going counts as chosen already, also where a partition guards it', () => {
  const at = (ordinal: number, more = {}) => ({
    ordinal,
    running: true,
    deleting: false,
    cost: 0,
    guarded: false,
    ...more,
  });
  const all = [at(0, { deleting: true, running: false, guarded: true }), at(1), at(2)];
  expect(victims('upstream', all, 2).map(({ ordinal }) => ordinal)).toEqual([0]);
});
