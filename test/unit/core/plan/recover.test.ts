import { describe, expect, it } from 'vitest';
import { apply } from '../../../../src/core/apply.js';
import { plan } from '../../../../src/core/plan/plan.js';
import { settle } from '../../../../src/core/settle.js';
import type { Desired, Observed } from '../../../../src/core/types.js';
import { brief, failedAt, messageOf, role, running, wanted, withInstance, withPods } from '../world.js';

const roles = [role('prefill'), role('decode', 1, 'a', 1)];
const under = (recoveryPolicy: Desired['recoveryPolicy'], more: Partial<Desired> = {}) =>
  wanted(2, roles, { recoveryPolicy, ...more });
const lose = (state: Observed, group: number, roleId: string, index: number) =>
  withInstance(state, group, roleId, (instance) => ({
    ...instance,
    pods: instance.pods.filter((pod) => pod.index !== index),
    lost: [index],
  }));
const healthy = running(wanted(2, roles));

describe('RoleRecreate', () => {
  const desired = under('RoleRecreate');

  it('makes the whole role instance anew, and nothing else', () => {
    const next = plan(desired, withPods(healthy, 1, 'decode-0', failedAt(0)), 0);
    expect(brief(next)).toEqual(['DeleteInstance G-1/decode-0 PodFailed']);
    expect(next.actions[0]?.message).toBe(
      'G-1/decode-0 is made anew: sample-1-decode-0-0: container c ended with exit code 1 (Error)',
    );
    const after = settle(apply(desired, withPods(healthy, 1, 'decode-0', failedAt(0)), next, 0));
    expect(brief(plan(desired, after, 0))).toEqual(['CreateInstance G-1/decode-0 MissingInstance']);
  });

  it('also when a pod of it is gone, without back-off', () => {
    const state = lose(healthy, 1, 'decode-0', 1);
    const next = plan(desired, state, 0);
    expect(brief(next)).toEqual(['DeleteInstance G-1/decode-0 PodLost']);
    expect(next.actions[0]?.message).toBe('G-1/decode-0 is made anew: sample-1-decode-0-1 is gone');
    expect(apply(desired, state, next, 0).backOff).toEqual({});
  });

  it('in every group at once, whatever else goes on', () => {
    let state = healthy;
    for (const group of [0, 1]) state = withPods(state, group, 'prefill-0', failedAt(0));
    expect(brief(plan({ ...desired, replicas: 3 }, state, 0)).slice(0, 2)).toEqual([
      'DeleteInstance G-0/prefill-0 PodFailed',
      'DeleteInstance G-1/prefill-0 PodFailed',
    ]);
  });

  it('leaves a pod that only turned unready, and one that somebody is deleting', () => {
    expect(brief(plan(desired, withPods(healthy, 1, 'decode-0', { ready: false }), 0))).toEqual([
      '(G-1/decode-0 PodsNotReady)',
    ]);
    const evicted = withPods(healthy, 1, 'decode-0', { ...failedAt(0), deleting: true });
    const next = plan(desired, evicted, 0);
    expect(next.actions).toEqual([]);
    expect(messageOf(next, 'G-1/decode-0')).toContain('sample-1-decode-0-0 is being deleted');
  });

  it('completes an instance whose making was cut off, without deleting it', () => {
    const state = withInstance(healthy, 0, 'decode-0', (instance) => ({
      ...instance,
      pods: instance.pods.slice(0, 1),
    }));
    expect(brief(plan(desired, state, 0))).toEqual(['CreatePod G-0/decode-0-1 IncompleteInstance']);
  });

  it('waits out the grace period, then acts', () => {
    const graced = { ...desired, restartGraceMs: 5_000 };
    const state = withPods(healthy, 1, 'prefill-0', failedAt(1_000));
    const next = plan(graced, state, 4_000);
    expect(brief(next)).toEqual(['(G-1/prefill-0 RestartGracePeriod)']);
    expect(next.recheckAfterMs).toBe(2_000);
    expect(messageOf(next, 'G-1/prefill-0')).toBe(
      'sample-1-prefill-0-0 failed (Error) and has 5 s from then to become ready again',
    );
    expect(brief(plan(graced, state, 6_000))).toEqual(['DeleteInstance G-1/prefill-0 PodFailed']);
  });
});

describe('back-off', () => {
  const desired = wanted(1, roles);

  /** Fails, is deleted and gone: how long until it is made again? */
  function waits(times: number, policy: Desired['recoveryPolicy'], pauseMs = 0): number[] {
    const spec = { ...desired, recoveryPolicy: policy };
    let state = running(desired);
    let nowMs = 0;
    const found: number[] = [];
    for (let at = 0; at < times; at++) {
      state = withPods(state, 0, 'prefill-0', failedAt(nowMs));
      state = settle(apply(spec, state, plan(spec, state, nowMs), nowMs));
      const next = plan(spec, state, nowMs);
      found.push(next.recheckAfterMs ?? 0);
      nowMs += next.recheckAfterMs ?? 0;
      state = settle(apply(spec, state, plan(spec, state, nowMs), nowMs));
      nowMs += pauseMs;
    }
    return found;
  }

  it.each(['RoleRecreate', 'ServingGroupRecreate'] as const)(
    'is none at first, then 10 s doubling up to 5 min (%s)',
    (policy) => {
      expect(waits(8, policy)).toEqual([0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    },
  );

  it('begins anew after ten good minutes, not before', () => {
    expect(waits(3, 'RoleRecreate', 600_000)).toEqual([0, 0, 0]);
    expect(waits(3, 'RoleRecreate', 599_000)).toEqual([0, 10_000, 20_000]);
  });

  it('says so, and counts as held up', () => {
    const gone = {
      ...running(desired),
      groups: running(desired).groups.map((group) => ({
        ...group,
        instances: group.instances.filter((instance) => instance.role !== 'prefill'),
      })),
      backOff: { 'sample-0-prefill-0': { failures: 3, lastFailureMs: 0 } },
    };
    const next = plan(wanted(2, roles), gone, 5_000);
    expect(next.recheckAfterMs).toBe(15_000);
    expect(messageOf(next, 'G-0/prefill-0')).toBe(
      'G-0/prefill-0 failed 3 times and is made again 20 s after the last',
    );
    expect(plan(wanted(2, roles), gone, 9_000).holds).toEqual(next.holds);
    expect(messageOf(next, 'G-1')).toContain('BackOff');
  });
});

describe('ServingGroupRecreate', () => {
  const desired = under('ServingGroupRecreate');

  it('makes the whole group anew at its ordinal', () => {
    const state = withPods(healthy, 0, 'prefill-0', failedAt(0));
    const next = plan(desired, state, 0);
    expect(brief(next)).toEqual(['DeleteGroup G-0 PodFailed']);
    expect(brief(plan(desired, settle(apply(desired, state, next, 0)), 0))).toEqual([
      'CreateGroup G-0 MissingOrdinal',
    ]);
  });

  it('once, however many of its pods fail', () => {
    let state = lose(healthy, 0, 'decode-0', 0);
    state = withPods(state, 0, 'prefill-0', failedAt(0));
    expect(plan(desired, state, 0).actions.length).toBe(1);
  });
});

describe('None', () => {
  const desired = under('None', { restartGraceMs: 60_000 });

  it('leaves a restarted pod to itself', () => {
    const next = plan(desired, withPods(healthy, 0, 'prefill-0', failedAt(0)), 0);
    expect(brief(next)).toEqual(['(G-0/prefill-0 PodsNotReady)']);
    expect(messageOf(next, 'G-0/prefill-0')).toContain('sample-0-prefill-0-0 failed: container c ended');
  });

  it('replaces a pod that is over for good, alone', () => {
    const state = withPods(healthy, 0, 'prefill-0', { ...failedAt(0), phase: 'Failed' });
    expect(brief(plan(desired, state, 0))).toEqual(['DeletePod G-0/prefill-0-0 PodFailed']);
  });

  it('replaces a pod that is gone, alone and at once', () => {
    const state = lose(healthy, 0, 'decode-0', 1);
    const next = plan(desired, state, 0);
    expect(brief(next)).toEqual(['CreatePod G-0/decode-0-1 PodLost']);
    expect(settle(apply(desired, state, next, 0)).groups[0]?.record.status).toBe('Creating');
    const after = settle(apply(desired, state, next, 0));
    expect(brief(plan(desired, after, 0))).toEqual([]);
  });
});
