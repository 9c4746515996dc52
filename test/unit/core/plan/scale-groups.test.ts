import { describe, expect, it } from 'vitest';
import { apply } from '../../../../src/core/apply.js';
import { plan } from '../../../../src/core/plan/plan.js';
import { settle } from '../../../../src/core/settle.js';
import { brief, empty, messageOf, role, running, wanted, withInstance, withPods } from '../world.js';

const roles = [role('prefill'), role('decode')];

describe('scaling ServingGroups up', () => {
  it('begins with G-0; the others wait for it', () => {
    expect(brief(plan(wanted(3, roles), empty, 0))).toEqual([
      'CreateGroup G-0 MissingOrdinal',
      '(G-1 PredecessorNotReady)',
      '(G-2 PredecessorNotReady)',
    ]);
  });

  it('waits for a group below that is not Running, and says which pod it is about', () => {
    const state = withPods(running(wanted(3, roles)), 2, 'decode-0', { ready: false, phase: 'Pending' });
    const next = plan(wanted(4, roles), state, 0);
    expect(brief(next)).toEqual(['(G-3 PredecessorNotReady)', '(G-2/decode-0 PodsNotReady)']);
    expect(messageOf(next, 'G-3')).toBe('G-3 waits until G-2 is Running (sample-2-decode-0-0 is Pending)');
  });

  it('waits also for one that is held up', () => {
    const state = withPods(running(wanted(1, roles)), 0, 'decode-0', {
      ready: false,
      heldUp: { reason: 'ErrImagePull', message: 'no such image: nope' },
    });
    expect(messageOf(plan(wanted(2, roles), state, 0), 'G-1')).toBe(
      'G-1 waits until G-0 is Running (ErrImagePull: no such image: nope)',
    );
  });

  it('does not create an ordinal that is still being deleted', () => {
    const three = wanted(3, roles);
    const four = wanted(4, roles);
    const deleting = apply(three, running(four), plan(three, running(four), 0), 0);
    const next = plan(four, deleting, 0);
    expect(brief(next)).toEqual(['(G-3 Terminating)']);
    expect(messageOf(next, 'G-3')).toBe('G-3 is being deleted: 2 pods to go');
    expect(brief(plan(four, settle(deleting), 0))).toEqual(['CreateGroup G-3 MissingOrdinal']);
  });

  it('gives a new group the counts in force', () => {
    const [action] = plan(
      wanted(2, [role('prefill', 2), role('decode', 3)]),
      running(wanted(1, roles)),
      0,
    ).actions;
    expect(action).toMatchObject({ type: 'CreateGroup', group: 1, counts: { prefill: 2, decode: 3 } });
  });
});

describe('scaling ServingGroups down', () => {
  it('takes the highest ordinal, whatever its readiness and whatever others are', () => {
    const state = withPods(running(wanted(4, roles)), 1, 'decode-0', { ready: false, deletionCost: -100 });
    expect(brief(plan(wanted(3, roles), state, 0)).at(0)).toBe('DeleteGroup G-3 OutOfRange');
  });

  it('takes the next one when the first is gone', () => {
    const two = wanted(2, roles);
    const first = plan(two, running(wanted(4, roles)), 0);
    expect(brief(first)).toEqual(['DeleteGroup G-3 OutOfRange', '(G-2 OrdinalStillDeleting)']);
    expect(messageOf(first, 'G-2')).toBe('G-2 is deleted when G-3 is gone');
    const begun = apply(two, running(wanted(4, roles)), first, 0);
    expect(brief(plan(two, begun, 0))).toEqual(['(G-2 OrdinalStillDeleting)', '(G-3 Terminating)']);
    expect(brief(plan(two, settle(begun), 0))).toEqual(['DeleteGroup G-2 OutOfRange']);
  });

  it('happens also when nothing can start', () => {
    const bad = wanted(2, roles);
    let state = running(bad);
    for (const group of [0, 1])
      state = withPods(state, group, 'prefill-0', {
        ready: false,
        heldUp: { reason: 'ErrImagePull', message: 'no' },
      });
    expect(brief(plan(wanted(1, roles), state, 0)).at(0)).toBe('DeleteGroup G-1 OutOfRange');
  });

  it('to 0 removes all, and 0 is at rest', () => {
    expect(brief(plan(wanted(0, roles), running(wanted(1, roles)), 0))).toEqual([
      'DeleteGroup G-0 OutOfRange',
    ]);
    expect(plan(wanted(0, roles), empty, 0)).toEqual({ actions: [], holds: [] });
  });

  it('leaves what is to go its counts, even when they changed in the same save', () => {
    const state = withInstance(running(wanted(3, roles)), 1, 'prefill-0', (instance) => ({
      ...instance,
      pods: instance.pods.map((pod) => ({ ...pod, ready: false })),
    }));
    expect(brief(plan(wanted(1, [role('prefill', 2), role('decode')]), state, 0))).toEqual([
      'DeleteGroup G-2 OutOfRange',
      '(G-1 OrdinalStillDeleting)',
      '(G-0 OrdinalStillDeleting)',
      '(G-1/prefill-0 PodsNotReady)',
    ]);
  });
});

describe('deleting the ModelServing', () => {
  const deleted = wanted(3, roles, { deleting: true });

  it('goes from the highest ordinal down and does nothing else', () => {
    const state = withPods(running(wanted(3, roles)), 0, 'decode-0', { phase: 'Failed', ready: false });
    expect(brief(plan(deleted, state, 0))).toEqual([
      'DeleteGroup G-2 ModelServingDeleted',
      '(G-1 OrdinalStillDeleting)',
      '(G-0 OrdinalStillDeleting)',
      '(G-0/decode-0 PodsNotReady)',
    ]);
  });

  it('is at rest when nothing is left', () => {
    expect(plan(deleted, empty, 0)).toEqual({ actions: [], holds: [] });
  });
});
