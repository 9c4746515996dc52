import type { InstanceObserved } from '../types.js';
import type { GroupView } from '../view-groups.js';
import type { Draft } from './draft.js';
import { podState } from './why-not-running.js';

/**
 * One hold for each thing that was begun and is not finished, so that "why is it waiting?" always has an answer. What a rule has explained
 * already is not explained twice.
 */
export function explainWaits(draft: Draft): void {
  const explained = new Set(draft.holds.map((hold) => hold.subject));
  for (const view of draft.views) {
    if (view.deleting) explainDeletion(draft, view);
    else if (!view.running && !draft.taken.has(view.ordinal)) explainInstances(draft, view, explained);
  }
}

function explainDeletion({ holds }: Draft, view: GroupView): void {
  const pods = view.group.instances.reduce((sum, instance) => sum + instance.pods.length, 0);
  holds.push({
    subject: view.label,
    reason: 'Terminating',
    message: `${view.label} is being deleted: ${toGo(pods)}`,
  });
}

function explainInstances(draft: Draft, view: GroupView, explained: ReadonlySet<string>): void {
  // A gang waits as a whole, so it is said of the group too.
  const inGang = view.group.instances
    .flatMap((instance) => (instance.deleting ? [] : instance.pods))
    .find((pod) => pod.heldUp?.reason === 'GangWaiting');
  if (inGang?.heldUp && !explained.has(view.label))
    draft.holds.push({ subject: view.label, ...inGang.heldUp });
  for (const instance of view.group.instances) {
    const subject = `${view.label}/${instance.roleId}`;
    const why = explained.has(subject) ? undefined : explainInstance(subject, instance);
    if (why) draft.holds.push({ subject, ...why });
  }
}

function explainInstance(subject: string, instance: InstanceObserved) {
  if (instance.deleting) {
    return { reason: 'Terminating', message: `${subject} is being deleted: ${toGo(instance.pods.length)}` };
  }
  const unready = instance.pods.filter((pod) => !pod.ready);
  const stuck = unready.find((pod) => pod.heldUp);
  if (stuck?.heldUp) {
    return { reason: stuck.heldUp.reason, message: `${stuck.name}: ${stuck.heldUp.message}` };
  }
  if (unready.length === 0) return undefined;
  const states = unready.map((pod) => `${pod.name} ${podState(pod)}`).join(', ');
  return { reason: 'PodsNotReady', message: `${subject} waits until its pods are ready: ${states}` };
}

const toGo = (pods: number): string =>
  pods === 0 ? 'its services are still to go' : `${pods} ${pods === 1 ? 'pod' : 'pods'} to go`;
