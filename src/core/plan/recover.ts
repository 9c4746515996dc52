import { groupName, podName } from '../../api/names.js';
import { expectedPods } from '../instance-status.js';
import { instanceTemplate } from '../instance-template.js';
import type { Action, InstanceObserved, PodObserved } from '../types.js';
import type { GroupView } from '../view-groups.js';
import { type Draft, lookAgain } from './draft.js';

type Cause = { reason: 'PodFailed' | 'PodLost'; message: string; failed: boolean };

/** What failed or disappeared is repaired at once, in every group, whatever else goes on. */
export function recover(draft: Draft): void {
  for (const view of draft.views) {
    if (view.deleting || draft.taken.has(view.ordinal)) continue;
    const before = draft.actions.length;
    for (const instance of view.group.instances) {
      if (instance.deleting) continue;
      if (recoverInstance(draft, view, instance) === 'group deleted') break;
    }
    if (draft.actions.length > before) draft.taken.add(view.ordinal);
  }
}

function recoverInstance(
  draft: Draft,
  view: GroupView,
  instance: InstanceObserved,
): 'group deleted' | 'done' {
  const at = { group: view.ordinal, role: instance.role, ordinal: instance.ordinal };
  const subject = `${view.label}/${instance.roleId}`;
  if (draft.desired.recoveryPolicy === 'None') {
    repairInPlace(draft, view, instance);
    return 'done';
  }
  const cause = causeOf(draft, view, instance);
  if (!cause) {
    completeInstance(draft, view, instance);
    return 'done';
  }
  const base = { reason: cause.reason, candidates: [subject], failed: cause.failed };
  if (draft.desired.recoveryPolicy === 'ServingGroupRecreate') {
    draft.actions.push({
      ...base,
      type: 'DeleteGroup',
      group: view.ordinal,
      message: `${view.label} is made anew: ${cause.message}`,
    });
    return 'group deleted';
  }
  draft.actions.push({
    ...base,
    ...at,
    type: 'DeleteInstance',
    message: `${subject} is made anew: ${cause.message}`,
  });
  return 'done';
}

/** The first reason to make an instance anew; a failed pod within its grace period is only waited for. */
function causeOf(draft: Draft, view: GroupView, instance: InstanceObserved): Cause | undefined {
  const subject = `${view.label}/${instance.roleId}`;
  const [lost] = instance.lost;
  if (lost !== undefined) {
    const name = podName(groupName(draft.desired.name, view.ordinal), instance.roleId, lost);
    return { reason: 'PodLost', message: `${name} is gone`, failed: false };
  }
  for (const pod of instance.pods) {
    if (!pod.failed || pod.deleting) continue;
    const graceEndsMs = pod.failed.sinceMs + draft.desired.restartGraceMs;
    if (draft.nowMs >= graceEndsMs) {
      return {
        reason: 'PodFailed',
        message: `${pod.name}: ${pod.failed.message || pod.failed.reason}`,
        failed: true,
      };
    }
    lookAgain(draft, graceEndsMs);
    draft.holds.push({
      subject,
      reason: 'RestartGracePeriod',
      message: `${pod.name} failed (${pod.failed.reason}) and has ${draft.desired.restartGraceMs / 1000} s from then to become ready again`,
    });
  }
  return undefined;
}

/** Pods that were never made, or whose making a restart cut off. */
function completeInstance(draft: Draft, view: GroupView, instance: InstanceObserved): void {
  const template = instanceTemplate(draft.desired, draft.observed, view.group.record, instance);
  const expected = expectedPods(instance, template);
  const present = new Set(instance.pods.map((pod) => pod.index));
  for (let podIndex = 0; podIndex < expected; podIndex++) {
    if (present.has(podIndex)) continue;
    draft.actions.push(createPod(draft, view, instance, podIndex));
  }
}

/** Without a recovery policy, containers restart in place; only a pod that is gone or over for good is replaced, alone. */
function repairInPlace(draft: Draft, view: GroupView, instance: InstanceObserved): void {
  for (const pod of instance.pods) {
    if (pod.phase !== 'Failed' || pod.deleting) continue;
    draft.actions.push(deletePod(view, instance, pod));
  }
  completeInstance(draft, view, instance);
}

function createPod(draft: Draft, view: GroupView, instance: InstanceObserved, podIndex: number): Action {
  const name = podName(groupName(draft.desired.name, view.ordinal), instance.roleId, podIndex);
  const isLost = instance.lost.includes(podIndex);
  return {
    type: 'CreatePod',
    group: view.ordinal,
    role: instance.role,
    ordinal: instance.ordinal,
    podIndex,
    reason: isLost ? 'PodLost' : 'IncompleteInstance',
    message: isLost ? `${name} is made again: it is gone` : `${name} is made: it is missing`,
    candidates: [`${view.label}/${instance.roleId}`],
  };
}

const deletePod = (view: GroupView, instance: InstanceObserved, pod: PodObserved): Action => ({
  type: 'DeletePod',
  group: view.ordinal,
  role: instance.role,
  ordinal: instance.ordinal,
  podIndex: pod.index,
  uid: pod.uid,
  reason: 'PodFailed',
  message: `${pod.name} failed for good: ${pod.failed?.message ?? pod.phase}`,
  candidates: [`${view.label}/${instance.roleId}`],
});
