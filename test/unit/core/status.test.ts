import { describe, expect, it } from 'vitest';
import { apply } from '../../../src/core/apply.js';
import { plan } from '../../../src/core/plan/plan.js';
import { settle } from '../../../src/core/settle.js';
import { modelServingStatus } from '../../../src/core/status.js';
import type { Desired, Observed } from '../../../src/core/types.js';
import { empty, role, running, wanted, withPods } from './world.js';

const roles = [role('prefill'), role('decode')];
const nowIso = '2026-01-01T00:00:00.000Z';
const later = '2026-01-01T00:01:00.000Z';
const statusOf = (desired: Desired, observed: Observed) => modelServingStatus({ desired, observed, nowIso });
const begun = (desired: Desired, state: Observed) => apply(desired, state, plan(desired, state, 0), 0);
const isTrue = (status: ReturnType<typeof statusOf>) =>
  status.conditions
    .filter((each) => each.status === 'True')
    .map(({ type, reason, message }) => ({ type, reason, message }));

describe('the counts', () => {
  it('agree when all is done', () => {
    const desired = wanted(3, roles);
    expect(statusOf(desired, running(desired))).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      availableReplicas: 3,
      updatedReplicas: 3,
      currentReplicas: 3,
      updateRevision: desired.revision,
      currentRevision: desired.revision,
    });
  });

  it('take a group that goes into replicas, not into the others', () => {
    const desired = wanted(2, roles);
    expect(statusOf(desired, begun(desired, running(wanted(3, roles))))).toMatchObject({
      replicas: 3,
      availableReplicas: 2,
      updatedReplicas: 2,
      currentReplicas: 0,
    });
  });

  it('tell new from old in a roll-out, and keep the old revision as long as a group has it', () => {
    const old = wanted(3, roles);
    const desired = wanted(3, [role('prefill', 1, 'b'), role('decode')]);
    let state = running(old);
    const seen: string[] = [];
    for (let times = 0; times < 7; times++) {
      state = begun(desired, state);
      const status = statusOf(desired, state);
      const which = status.currentRevision === old.revision ? 'old' : 'new';
      seen.push(`${status.updatedReplicas} updated, ${status.currentReplicas} current: ${which}`);
      state = settle(state);
    }
    expect(seen).toEqual([
      '0 updated, 2 current: old',
      '1 updated, 2 current: old',
      '1 updated, 1 current: old',
      '2 updated, 1 current: old',
      '2 updated, 0 current: old',
      '3 updated, 0 current: new',
      '3 updated, 3 current: new',
    ]);
  });

  it('do not count as updated what the partition keeps', () => {
    const desired = wanted(2, [role('prefill', 1, 'b'), role('decode')], { partition: 2 });
    expect(statusOf(desired, running(wanted(2, roles)))).toMatchObject({
      availableReplicas: 2,
      updatedReplicas: 0,
      currentReplicas: 2,
    });
  });

  it('keep the older ones apart as long as there is a partition, also when it keeps none', () => {
    const desired = wanted(2, roles, { partition: 0 });
    expect(statusOf(desired, running(desired))).toMatchObject({ updatedReplicas: 2, currentReplicas: 0 });
  });

  it('select one pod per group', () => {
    expect(statusOf(wanted(1, roles), empty).labelSelector).toBe(
      'modelserving.volcano.sh/entry=true,modelserving.volcano.sh/name=sample,modelserving.volcano.sh/role-id=prefill-0,modelserving.volcano.sh/role=prefill',
    );
  });
});

describe('the conditions', () => {
  it('Available when all are Running, also with none', () => {
    const all = [{ type: 'Available', reason: 'AllGroupsReady', message: 'All Serving groups are ready' }];
    expect(isTrue(statusOf(wanted(2, roles), running(wanted(2, roles))))).toEqual(all);
    expect(isTrue(statusOf(wanted(0, roles), empty))).toEqual(all);
  });

  it('Progressing names the groups, those that do not exist yet too', () => {
    const state = withPods(running(wanted(2, roles)), 1, 'decode-0', { ready: false });
    expect(isTrue(statusOf(wanted(3, roles), state))).toEqual([
      { type: 'Progressing', reason: 'GroupProgressing', message: 'Some groups is progressing: G-1, G-2' },
    ]);
    expect(isTrue(statusOf(wanted(40, roles), empty))[0]?.message).toMatch(/G-11 and 28 more$/);
    // Not one text for each: nobody could hold them.
    expect(isTrue(statusOf(wanted(3e9, roles), empty))[0]?.message).toMatch(/G-11 and 2999999988 more$/);
  });

  it('UpdateInProgress when more groups are outdated than the partition keeps', () => {
    const newer = [role('prefill', 1, 'b'), role('decode')];
    const desired = wanted(3, newer);
    const [condition] = isTrue(statusOf(desired, begun(desired, running(wanted(3, roles)))));
    expect(condition).toEqual({
      type: 'UpdateInProgress',
      reason: 'GroupsUpdating',
      message: 'Some groups are updating: G-2',
    });
    const kept = wanted(3, newer, { partition: 3 });
    const unready = withPods(running(wanted(3, roles)), 0, 'decode-0', { ready: false });
    expect(isTrue(statusOf(kept, unready))[0]?.type).toBe('Progressing');
  });

  it('are exclusive, and what was true says why it is not any more', () => {
    const desired = wanted(2, roles);
    const before = statusOf(desired, running(desired));
    const observed = withPods(running(desired), 1, 'decode-0', { ready: false });
    const after = modelServingStatus({ desired, observed, previous: before, nowIso: later });
    expect(
      after.conditions.map(({ type, status, reason, message }) => ({ type, status, reason, message })),
    ).toEqual([
      {
        type: 'Available',
        status: 'False',
        reason: 'GroupsNotReady',
        message: 'Some groups are not ready: G-1',
      },
      {
        type: 'Progressing',
        status: 'True',
        reason: 'GroupProgressing',
        message: 'Some groups is progressing: G-1',
      },
    ]);
  });

  it('change their time only with their status', () => {
    const desired = wanted(3, roles);
    const before = statusOf(desired, running(wanted(1, roles)));
    const more = modelServingStatus({
      desired,
      observed: running(wanted(2, roles)),
      previous: before,
      nowIso: later,
    });
    expect(more.conditions).toMatchObject([
      { lastTransitionTime: nowIso, message: 'Some groups is progressing: G-2' },
    ]);
    const done = modelServingStatus({ desired, observed: running(desired), previous: more, nowIso: later });
    expect(done.conditions.map((each) => each.lastTransitionTime)).toEqual([later, later]);
    const again = modelServingStatus({
      desired,
      observed: running(desired),
      previous: done,
      nowIso: 'never',
    });
    expect(again).toEqual(done);
  });

  it('SpecInvalid stands as long as the file is bad, beside the others', () => {
    const desired = wanted(1, roles);
    const invalid = { reason: 'UnknownField', message: 'sample.yaml:3:1 replica' };
    const bad = modelServingStatus({ desired, observed: running(desired), nowIso, invalid });
    expect(isTrue(bad).map((each) => each.type)).toEqual(['Available', 'SpecInvalid']);
    const good = modelServingStatus({ desired, observed: running(desired), previous: bad, nowIso: later });
    expect(good.conditions.map((each) => each.type)).toEqual(['Available']);
  });
});
