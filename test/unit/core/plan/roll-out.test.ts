import { describe, expect, it } from 'vitest';
import { apply } from '../../../../src/core/apply.js';
import { factsOf } from '../../../../src/core/change-of.js';
import { plan } from '../../../../src/core/plan/plan.js';
import { settle } from '../../../../src/core/settle.js';
import { simulate } from '../../../../src/core/simulate.js';
import type { Desired, Observed } from '../../../../src/core/types.js';
import { brief, failedAt, messageOf, noImage, role, running, wanted, withPods } from '../world.js';

const spec = (replicas: number, image: string, more: Partial<Desired> = {}, prefill = 1) =>
  wanted(replicas, [role('prefill', prefill, image), role('decode')], more);
const deleted = (next: ReturnType<typeof plan>) =>
  next.actions.flatMap((action) => (action.type === 'DeleteGroup' ? [`G-${action.group}`] : []));

describe('ServingGroupRollingUpdate', () => {
  it.each([
    [1, ['G-3']],
    [2, ['G-3', 'G-2']],
    ['50%', ['G-3', 'G-2']],
    ['30%', ['G-3']],
    ['10%', ['G-3']],
    ['100%', ['G-3', 'G-2', 'G-1', 'G-0']],
    [undefined, ['G-3']],
  ])('with maxUnavailable %s replaces %j of four Running groups', (maxUnavailable, going) => {
    const desired = spec(4, 'b', maxUnavailable === undefined ? {} : { maxUnavailable });
    expect(deleted(plan(desired, running(spec(4, 'a')), 0))).toEqual(going);
  });

  it('says for whom the others wait', () => {
    const next = plan(spec(3, 'b'), running(spec(3, 'a')), 0);
    expect(messageOf(next, 'G-0')).toBe(
      'G-0 takes the new template when G-2 is Running again, since maxUnavailable is 1',
    );
  });

  it('says so while the one before is still going', () => {
    const desired = spec(3, 'b');
    const state = running(spec(3, 'a'));
    const begun = apply(desired, state, plan(desired, state, 0), 0);
    expect(messageOf(plan(desired, begun, 0), 'G-1')).toBe(
      'G-1 takes the new template when G-2 is made anew',
    );
  });

  it('counts what goes for another reason in the same pass', () => {
    const next = plan(spec(3, 'b', { rules: 'upstream' }), running(spec(4, 'a')), 0);
    expect(deleted(next)).toEqual(['G-3', 'G-2']);
  });

  it('a new group that never becomes Running holds it', () => {
    const desired = spec(2, 'b');
    let state = running(spec(2, 'a'));
    for (let times = 0; times < 2; times++) state = settle(apply(desired, state, plan(desired, state, 0), 0));
    const stuck = withPods(state, 1, 'prefill-0', noImage);
    const next = plan(desired, stuck, 0);
    expect(brief(next)).toEqual(['(G-0 UnavailableBudget)', '(G-1/prefill-0 ErrImagePull)']);
    expect(messageOf(next, 'G-0')).toContain('when G-1 is Running (ErrImagePull: no such image: nope)');
    expect(deleted(plan(spec(2, 'a'), stuck, 0))).toEqual(['G-1']);
  });

  it('replaces at once, outside the budget, what is not Running: a typo corrected', () => {
    let state = running(spec(3, 'typo'));
    for (const group of [0, 1, 2]) state = withPods(state, group, 'prefill-0', noImage);
    expect(deleted(plan(spec(3, 'b'), state, 0))).toEqual(['G-2', 'G-1', 'G-0']);
  });

  it('replaces rather than repairs what failed', () => {
    const state = withPods(running(spec(2, 'a')), 0, 'decode-0', failedAt(0));
    expect(brief(plan(spec(2, 'b'), state, 0))[0]).toBe('DeleteGroup G-0 Outdated');
  });

  it('waits until groups and counts are as wanted', () => {
    const fewer = plan(spec(2, 'b'), running(spec(3, 'a')), 0);
    expect(deleted(fewer)).toEqual(['G-2']);
    expect(messageOf(fewer, 'G-1')).toBe('G-1 takes the new template when G-2 is gone');
    const more = plan(spec(3, 'b'), running(spec(2, 'a')), 0);
    expect(messageOf(more, 'G-1')).toBe('G-1 takes the new template when all 3 ServingGroups exist');
    const counts = plan(spec(2, 'b', {}, 2), running(spec(2, 'a')), 0);
    expect(deleted(counts)).toEqual([]);
    expect(brief(counts)).toContain('(G-0 ScalingFirst)');
  });

  it('counts alone are no roll-out', () => {
    const next = plan(spec(3, 'a', {}, 2), running(spec(2, 'a')), 0);
    expect(next.actions.some((action) => action.reason === 'Outdated')).toBe(false);
  });

  it('pauses: neither Running nor broken groups are replaced', () => {
    const desired = spec(2, 'b', { paused: true });
    const next = plan(desired, withPods(running(spec(2, 'a')), 1, 'decode-0', { ready: false }), 0);
    expect(brief(next)).toEqual(['(G-0 Paused)', '(G-1/decode-0 PodsNotReady)']);
    const stages = simulate(desired, running(spec(2, 'a')), 0, factsOf(spec(2, 'a')));
    expect(stages.at(-1)).toMatchObject({
      cells: ['❎', '❎'],
      note: 'Stays so: the roll-out is paused by the annotation minithena.dev/paused',
    });
  });

  it('a role that comes or goes is rolled out, not scaled', () => {
    const desired = wanted(1, [role('prefill'), role('router')]);
    expect(brief(plan(desired, running(spec(1, 'a')), 0))).toEqual(['DeleteGroup G-0 Outdated']);
    const more = wanted(1, [...spec(1, 'a').roles, role('router')]);
    expect(brief(plan(more, running(spec(1, 'a')), 0))).toEqual(['DeleteGroup G-0 Outdated']);
  });

  it('a group in which nothing is older takes the new revision as it stands', () => {
    const desired = { ...spec(1, 'a'), revision: 'other' };
    const next = plan(desired, running(spec(1, 'a')), 0);
    expect(brief(next)).toEqual(['SetRevision G-0 AdoptRevision']);
    expect(apply(desired, running(spec(1, 'a')), next, 0).groups[0]?.record.revision).toBe('other');
  });
});

describe('partition', () => {
  const old = spec(4, 'a');
  const isOld = (state: Observed, ordinal: number) =>
    state.groups.find((group) => group.ordinal === ordinal)?.record.revision === old.revision;
  const rollOut = (desired: Desired, from: Observed) => {
    let state = from;
    for (let times = 0; times < 30; times++)
      state = settle(apply(desired, state, plan(desired, state, 0), 0));
    return state;
  };

  it.each([
    [1, 1],
    [3, 3],
    ['50%', 2],
    ['30%', 2],
    ['0%', 0],
    [9, 4],
  ])('%s of four keeps the first %i', (partition, kept) => {
    const state = rollOut(spec(4, 'b', { partition }), running(old));
    expect([0, 1, 2, 3].filter((ordinal) => isOld(state, ordinal)).length).toBe(kept);
    expect(state.currentRevision === old.revision).toBe(kept > 0);
  });

  it('goes by position, not by ordinal', () => {
    const next = plan(spec(4, 'b', { partition: 2, paused: false }), running(old, [0, 2, 3]), 0);
    expect(brief(next)).toEqual(['CreateGroup G-1 MissingOrdinal', '(G-3 ScalingFirst)']);
  });

  it('recovers a guarded group from its own template, also when nothing of it is left', () => {
    const desired = spec(4, 'b', { partition: 2 });
    let state = rollOut(desired, running(old));
    for (const id of ['prefill-0', 'decode-0']) state = withPods(state, 0, id, failedAt(0));
    for (let times = 0; times < 3; times++) state = settle(apply(desired, state, plan(desired, state, 0), 0));
    expect(isOld(state, 0)).toBe(true);
    expect(state.groups[0]?.instances.map((instance) => instance.revision)).toEqual([
      old.revision,
      old.revision,
    ]);
  });

  it('brings a missing guarded ordinal back from the older template, with its counts, however late', () => {
    const desired = spec(2, 'b', { partition: 1 }, 3);
    const after = rollOut(desired, running(spec(2, 'a')));
    const gone = {
      ...after,
      groups: after.groups.slice(1),
      backOff: { 'sample-0': { failures: 3, lastFailureMs: 0 } },
    };
    const waiting = apply(desired, gone, plan(desired, gone, 0), 0);
    expect(brief(plan(desired, waiting, 0))).toContain('(G-0 BackOff)');
    const [action] = plan(desired, waiting, 60_000).actions;
    expect(action).toMatchObject({
      type: 'CreateGroup',
      group: 0,
      revision: old.revision,
      counts: { prefill: 1 },
    });
  });

  it('brings back what is missing from what is in force again, when a roll-out is undone halfway', () => {
    const newer = spec(4, 'b', { partition: 2 });
    let state: Observed = running(old);
    state = { ...state, revisions: { ...state.revisions, [newer.revision]: newer.roles } };
    for (let times = 0; times < 2; times++) state = settle(apply(newer, state, plan(newer, state, 0), 0));
    const undone = spec(4, 'a', { partition: 2, recoveryPolicy: 'ServingGroupRecreate' });
    state = withPods(state, 0, 'prefill-0', failedAt(0));
    for (let times = 0; times < 2; times++) state = settle(apply(undone, state, plan(undone, state, 0), 0));
    expect(isOld(state, 0)).toBe(true);
    expect(isOld(rollOut(undone, state), 3)).toBe(true);
  });

  it('has nothing to guard when it is all new', () => {
    const state = rollOut(spec(2, 'b', { partition: 2 }), {
      groups: [],
      revisions: {},
      currentRevision: '',
      backOff: {},
    });
    expect(state.groups.map((group) => group.record.revision)).toEqual([
      spec(2, 'b').revision,
      spec(2, 'b').revision,
    ]);
  });
});

describe('RoleRollingUpdate', () => {
  const byRole = (image: string, more: Partial<Desired> = {}) =>
    spec(2, image, { rolloutType: 'RoleRollingUpdate', ...more }, 2);

  it('takes one group at a time, from the highest; under upstream all at once', () => {
    const state = running(byRole('a'));
    expect(brief(plan(byRole('b'), state, 0))).toEqual([
      'DeleteInstance G-1/prefill-1 Outdated',
      '(G-1/prefill-0 UnavailableBudget)',
      '(G-0 HigherOrdinalFirst)',
    ]);
    const atOnce = brief(plan(byRole('b', { rules: 'upstream' }), state, 0));
    expect(atOnce.filter((line) => line.startsWith('Delete'))).toEqual([
      'DeleteInstance G-1/prefill-1 Outdated',
      'DeleteInstance G-0/prefill-1 Outdated',
    ]);
  });

  it('brings a missing instance below the partition of its role back from the older template, others from the newest', () => {
    const [prefill, ...others] = byRole('b').roles;
    const desired = wanted(2, [{ ...prefill!, partition: 1 }, ...others], {
      rolloutType: 'RoleRollingUpdate',
    });
    const old = running(byRole('a'));
    const without = (id: string): Observed => ({
      ...old,
      groups: old.groups.map((group) => ({
        ...group,
        instances: group.instances.filter((each) => group.ordinal > 0 || each.roleId !== id),
      })),
    });
    const made = (state: Observed) =>
      plan(desired, state, 0).actions.find((each) => each.type === 'CreateInstance');
    expect(made(without('prefill-0'))).toMatchObject({ ordinal: 0, revision: byRole('a').revision });
    expect(made(without('prefill-1'))).toMatchObject({ ordinal: 1, revision: desired.revision });
  });

  it('counts a protected instance that is down as away; under upstream it does not', () => {
    const [prefill, ...others] = byRole('b').roles;
    const state = withPods(running(byRole('a')), 1, 'prefill-0', { ready: false });
    const rolled = (rules: Desired['rules']) =>
      plan(
        wanted(2, [{ ...prefill!, partition: 1 }, ...others], { rolloutType: 'RoleRollingUpdate', rules }),
        state,
        0,
      ).actions.flatMap((each) => (each.type === 'DeleteInstance' && each.group === 1 ? [each.ordinal] : []));
    expect(rolled('ordinal')).toEqual([]);
    expect(rolled('upstream')).toEqual([1]);
  });

  it('pauses: what is broken is neither replaced nor made newer', () => {
    const state = withPods(running(byRole('a')), 0, 'prefill-1', noImage);
    const next = plan(byRole('b', { paused: true }), state, 0);
    expect(brief(next)).toContain('(G-1 Paused)');
    expect(next.actions).toEqual([]);
  });
});
