import { describe, expect, it } from 'vitest';
import { apply } from '../../../../src/core/apply.js';
import { plan } from '../../../../src/core/plan/plan.js';
import { settle } from '../../../../src/core/settle.js';
import type { Desired, Observed } from '../../../../src/core/types.js';
import { brief, messageOf, noImage, role, running, wanted, withInstance, withPods } from '../world.js';

const withCounts = (replicas: number, prefill: number, decode: number) =>
  wanted(replicas, [role('prefill', prefill), role('decode', decode)]);
const step = (desired: Desired, state: Observed) => apply(desired, state, plan(desired, state, 0), 0);

describe('scaling roles', () => {
  it('changes the highest group first; the others wait their turn', () => {
    const next = plan(withCounts(3, 2, 1), running(withCounts(3, 1, 1)), 0);
    expect(brief(next)).toEqual([
      'SetCounts G-2 CountsChanged',
      'CreateInstance G-2/prefill-1 MissingInstance',
      '(G-1 HigherOrdinalFirst)',
      '(G-0 HigherOrdinalFirst)',
    ]);
    expect(next.actions[0]?.message).toBe(
      'prefill 1 → 2: G-2 is the highest ordinal with other counts than wanted',
    );
    expect(messageOf(next, 'G-1')).toBe('the roles of G-1 change when G-2 is done');
  });

  it('goes on with the next when the one before is Running', () => {
    const desired = withCounts(2, 2, 1);
    const begun = step(desired, running(withCounts(2, 1, 1)));
    const next = plan(desired, begun, 0);
    expect(brief(next)).toEqual(['(G-0 GroupNotReady)', '(G-1/prefill-1 PodsNotReady)']);
    expect(messageOf(next, 'G-0')).toBe(
      'the roles of G-0 change when G-1 is Running (sample-1-prefill-1-0 is Pending)',
    );
    expect(brief(plan(desired, settle(begun), 0))[0]).toBe('SetCounts G-0 CountsChanged');
  });

  it('changes all roles of a group together: missing ordinals ascending, surplus from the last', () => {
    expect(brief(plan(withCounts(1, 3, 1), running(withCounts(1, 1, 3)), 0))).toEqual([
      'SetCounts G-0 CountsChanged',
      'CreateInstance G-0/prefill-1 MissingInstance',
      'CreateInstance G-0/prefill-2 MissingInstance',
      'DeleteInstance G-0/decode-2 SurplusInstance',
      'DeleteInstance G-0/decode-1 SurplusInstance',
    ]);
  });

  it('fills a gap before it adds at the end', () => {
    const gap = withInstance(running(withCounts(1, 2, 1)), 0, 'prefill-0', (instance) => instance);
    const groups = gap.groups.map((group) => ({
      ...group,
      instances: group.instances.filter((instance) => instance.roleId !== 'prefill-0'),
    }));
    expect(brief(plan(withCounts(1, 3, 1), { ...gap, groups }, 0)).slice(1)).toEqual([
      'CreateInstance G-0/prefill-0 MissingInstance',
      'CreateInstance G-0/prefill-2 MissingInstance',
    ]);
  });

  it('makes no instance again whose last container is still going', () => {
    const down = withCounts(1, 1, 1);
    const begun = step(down, running(withCounts(1, 2, 1)));
    const next = plan(withCounts(1, 2, 1), begun, 0);
    expect(brief(next).slice(1)).toEqual(['(G-0/prefill-1 OrdinalStillDeleting)']);
    expect(messageOf(next, 'G-0/prefill-1')).toBe(
      "G-0/prefill-1 is made again when the deleted one's last container is gone",
    );
  });

  it('under upstream counts what is going, and what lies beyond, as there', () => {
    const three = running(withCounts(1, 3, 1));
    const going = { reason: 'SurplusInstance', atMs: 0 };
    const last = withInstance(three, 0, 'prefill-2', (each) => ({ ...each, deleting: going }));
    const without = (state: Observed, id: string): Observed => ({
      ...state,
      groups: state.groups.map((group) => ({
        ...group,
        instances: group.instances.filter((each) => each.roleId !== id),
      })),
    });
    const made = (state: Observed, count: number, rules: Desired['rules']) =>
      plan({ ...withCounts(1, count, 1), rules }, state, 0).actions.flatMap((each) =>
        each.type === 'CreateInstance' ? [each.ordinal] : [],
      );
    expect(made(without(last, 'prefill-1'), 2, 'upstream')).toEqual([]);
    expect(made(without(last, 'prefill-1'), 2, 'ordinal')).toEqual([1]);
    expect(made(without(three, 'prefill-1'), 2, 'upstream')).toEqual([]);
    expect(made(without(three, 'prefill-1'), 2, 'ordinal')).toEqual([1]);
    expect(made(without(three, 'prefill-1'), 4, 'upstream')).toEqual([1, 3]);
  });

  it('the ordinal rules put in order what others have left', () => {
    const two = withCounts(1, 2, 1);
    const state = running(withCounts(1, 3, 1));
    const groups = state.groups.map((group) => ({
      ...group,
      record: { ...group.record, counts: { prefill: 2, decode: 1 } },
      instances: group.instances.filter((each) => each.roleId !== 'prefill-1'),
    }));
    expect(brief(plan(two, { ...state, groups }, 0))).toEqual([
      'SetCounts G-0 CountsChanged',
      'CreateInstance G-0/prefill-1 MissingInstance',
      'DeleteInstance G-0/prefill-2 SurplusInstance',
    ]);
    expect(brief(plan({ ...two, rules: 'upstream' }, { ...state, groups }, 0))).toEqual([]);
  });

  it('under upstream gives up what is not Running, then what costs less, then the higher ordinal', () => {
    const three = running(withCounts(1, 3, 1));
    const first = (state: Observed, rules: Desired['rules'] = 'upstream') =>
      plan({ ...withCounts(1, 2, 1), rules }, state, 0).actions.flatMap((each) =>
        each.type === 'DeleteInstance' ? [each.ordinal] : [],
      );
    expect(first(three)).toEqual([2]);
    const cheap = withPods(three, 0, 'prefill-1', { deletionCost: -1 });
    expect(first(cheap)).toEqual([1]);
    expect(first(withPods(cheap, 0, 'prefill-0', noImage))).toEqual([0]);
    expect(first(withPods(cheap, 0, 'prefill-0', noImage), 'ordinal')).toEqual([2]);
  });

  it('a group that is still being made takes new counts at once, and then counts as Scaling under upstream', () => {
    const making = withPods(running(withCounts(1, 1, 1)), 0, 'decode-0', { ready: false });
    const group = making.groups[0]!;
    const state = {
      ...making,
      groups: [{ ...group, record: { ...group.record, status: 'Creating' as const } }],
    };
    const statusUnder = (rules: Desired['rules']) =>
      step({ ...withCounts(1, 2, 1), rules }, state).groups[0]?.record;
    expect(statusUnder('ordinal')).toMatchObject({ status: 'Creating', counts: { prefill: 2 } });
    expect(statusUnder('upstream')).toMatchObject({ status: 'Scaling', counts: { prefill: 2 } });
  });

  it('comes after the ServingGroups', () => {
    const up = plan(withCounts(3, 2, 1), running(withCounts(2, 1, 1)), 0);
    expect(brief(up)).toEqual([
      'CreateGroup G-2 MissingOrdinal',
      '(G-1 GroupsMissing)',
      '(G-0 HigherOrdinalFirst)',
    ]);
    const down = plan(withCounts(1, 2, 1), running(withCounts(2, 1, 1)), 0);
    expect(brief(down)).toEqual(['DeleteGroup G-1 OutOfRange', '(G-0 OrdinalStillDeleting)']);
  });

  it('never begins with a second group while one is out of Running', () => {
    const state = withPods(running(withCounts(3, 1, 1)), 0, 'decode-0', { ready: false });
    expect(brief(plan(withCounts(3, 2, 1), state, 0))).toEqual([
      'SetCounts G-0 CountsChanged',
      'CreateInstance G-0/prefill-1 MissingInstance',
      '(G-2 GroupNotReady)',
      '(G-1 HigherOrdinalFirst)',
    ]);
  });

  it('goes past lower groups that are held up, not past higher ones', () => {
    const desired = withCounts(3, 2, 1);
    const low = withPods(running(withCounts(3, 1, 1)), 0, 'decode-0', noImage);
    expect(brief(plan(desired, low, 0))).toContain('SetCounts G-2 CountsChanged');
    const high = withPods(running(withCounts(3, 1, 1)), 2, 'decode-0', noImage);
    expect(brief(plan(desired, high, 0))).toContain('(G-1 GroupNotReady)');
  });
});

describe('while a group is held up', () => {
  const held = withPods(running(withCounts(3, 2, 1)), 2, 'decode-0', noImage);

  it('others give up what is surplus, the highest first, one at a time', () => {
    const desired = withCounts(3, 1, 2);
    const next = plan(desired, held, 0);
    expect(brief(next).filter((line) => line.startsWith('SetCounts'))).toEqual([
      'SetCounts G-2 CountsChanged',
      'SetCounts G-1 CountsChanged',
    ]);
    expect(next.actions[1]).toMatchObject({ group: 1, counts: { prefill: 1, decode: 1 } });
    expect(next.actions[1]?.message).toBe(
      'prefill 2 → 1: G-1 gives up what is surplus, since G-2 is held up',
    );
    const begun = apply(desired, held, next, 0);
    expect(brief(plan(desired, begun, 0)).filter((line) => line.startsWith('SetCounts'))).toEqual([]);
  });

  it('nothing is given up when nothing is surplus', () => {
    expect(brief(plan(withCounts(3, 2, 2), held, 0))).toEqual([
      'SetCounts G-2 CountsChanged',
      'CreateInstance G-2/decode-1 MissingInstance',
      '(G-1 GroupNotReady)',
      '(G-0 HigherOrdinalFirst)',
    ]);
  });

  it('nothing is given up while another group is on its way', () => {
    const other = withPods(held, 0, 'decode-0', { ready: false });
    const told = plan(withCounts(3, 1, 1), other, 0).actions.filter((action) => action.type === 'SetCounts');
    expect(told.map((action) => action.group)).toEqual([0, 2]);
  });
});
