import type { PodObserved } from '../types.js';
import type { GroupView } from '../view-groups.js';

/** In words, why a group is not Running: for the messages of those that wait for it. */
export function whyNotRunning(view: GroupView): string {
  if (view.deleting) return 'it is being deleted';
  if (view.heldUp) return `${view.heldUp.reason}: ${view.heldUp.message}`;
  for (const instance of view.group.instances) {
    if (instance.deleting) return `${view.label}/${instance.roleId} is being deleted`;
    const pod = instance.pods.find((each) => !each.ready);
    if (pod) return `${pod.name} ${podState(pod)}`;
    if (instance.lost.length > 0) return `a pod of ${view.label}/${instance.roleId} is gone`;
  }
  return 'instances are missing';
}

/** What keeps a pod from being ready, as the rest of a sentence. */
export function podState(pod: PodObserved): string {
  if (pod.deleting) return 'is being deleted';
  if (pod.failed) return `failed: ${pod.failed.message || pod.failed.reason}`;
  if (pod.waitsFor !== undefined) return `is ${pod.phase} (${pod.waitsFor.replace(/\.$/, '')})`;
  return pod.phase === 'Running' ? 'is not ready' : `is ${pod.phase}`;
}
