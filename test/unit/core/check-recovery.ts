import { expect } from 'vitest';
import type {
  Action,
  Desired,
  GroupObserved,
  InstanceObserved,
  Observed,
  Plan,
} from '../../../src/core/types.js';

/** What fails or disappears is repaired at once, as far as its policy says, and nothing is repaired that did not fail. Judged without the views. */
export function checkRecovery(desired: Desired, observed: Observed, next: Plan, nowMs: number): void {
  if (desired.deleting) return;
  for (const group of observed.groups) {
    const own = next.actions.filter((each) => each.group === group.ordinal);
    const goes = own.some((each) => each.type === 'DeleteGroup');
    for (const instance of group.instances) {
      const about = own.filter((each) => isAbout(each, instance));
      if (group.record.deleting || instance.deleting) {
        expect((group.record.deleting ? own : about).filter(isRepair)).toEqual([]);
        continue;
      }
      if (desired.recoveryPolicy === 'None') checkNone(instance, about);
      else checkRecreation({ desired, group, instance, own, nowMs });
      // One kind of thing per group and pass: what goes first for another reason is not repaired as well.
      const isOver = mustGo(desired, instance, nowMs);
      if (isOver && !goes) expect(own.filter((each) => each.type.startsWith('Delete'))).not.toEqual([]);
    }
  }
}

const isRepair = (action: Action): boolean => action.reason === 'PodFailed' || action.reason === 'PodLost';

const isAbout = (action: Action, { role, ordinal }: InstanceObserved): boolean =>
  'role' in action && action.role === role && action.ordinal === ordinal;

/** A pod of it is gone without our doing, or has failed and used up its grace. */
function mustGo(
  { recoveryPolicy, restartGraceMs }: Desired,
  instance: InstanceObserved,
  nowMs: number,
): boolean {
  if (recoveryPolicy === 'None') return instance.pods.some((pod) => pod.phase === 'Failed' && !pod.deleting);
  return (
    instance.lost.length > 0 ||
    instance.pods.some((pod) => pod.failed && !pod.deleting && pod.failed.sinceMs + restartGraceMs <= nowMs)
  );
}

/** Containers restart in place: only a pod that is over for good goes, alone, and what is gone comes back at once. */
function checkNone(instance: InstanceObserved, about: readonly Action[]): void {
  for (const action of about) {
    if (isRepair(action)) expect(['CreatePod', 'DeletePod']).toContain(action.type);
    if (action.type !== 'DeletePod') continue;
    expect(instance.pods.find((pod) => pod.index === action.podIndex)).toMatchObject({
      phase: 'Failed',
      uid: action.uid,
    });
  }
}

function checkRecreation(of: {
  desired: Desired;
  group: GroupObserved;
  instance: InstanceObserved;
  own: readonly Action[];
  nowMs: number;
}): void {
  const { desired, group, instance, own, nowMs } = of;
  for (const action of own.filter(isRepair)) {
    // A pod that was never made is made; that alone is no recovery.
    expect(action.type).toBe(
      desired.recoveryPolicy === 'ServingGroupRecreate' ? 'DeleteGroup' : 'DeleteInstance',
    );
    if (isAbout(action, instance)) expect(mustGo(desired, instance, nowMs)).toBe(true);
    if (action.type === 'DeleteGroup')
      expect(group.instances.some((each) => !each.deleting && mustGo(desired, each, nowMs))).toBe(true);
  }
}
