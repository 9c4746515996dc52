import type { GroupView } from '../view-groups.js';
import type { Draft } from './draft.js';

/** One hold for each thing that was begun and is not finished, so that "why is it waiting?" always has an answer. */
export function explainWaits(draft: Draft): void {
  for (const view of draft.views) {
    if (draft.taken.has(view.ordinal)) continue;
    if (view.deleting) explainDeletion(draft, view);
    else if (!view.running) explainInstances(draft, view);
  }
}

function explainDeletion({ holds }: Draft, view: GroupView): void {
  const pods = view.group.instances.reduce((sum, instance) => sum + instance.pods.length, 0);
  holds.push({
    subject: view.label,
    reason: 'Terminating',
    message:
      pods > 0 ? `${view.label} is being deleted: ${pods} pods to go` : `${view.label} is being deleted`,
  });
}

function explainInstances({ holds }: Draft, view: GroupView): void {
  for (const instance of view.group.instances) {
    const subject = `${view.label}/${instance.roleId}`;
    if (instance.deleting) {
      holds.push({
        subject,
        reason: 'Terminating',
        message: `${subject} is being deleted: ${instance.pods.length} pods to go`,
      });
      continue;
    }
    const stuck = instance.pods.find((pod) => pod.heldUp);
    const unready = instance.pods.filter((pod) => !pod.ready);
    if (stuck?.heldUp) {
      holds.push({ subject, reason: stuck.heldUp.reason, message: `${stuck.name}: ${stuck.heldUp.message}` });
    } else if (unready.length > 0) {
      const names = unready.map((pod) => `${pod.name} (${pod.phase})`).join(', ');
      holds.push({ subject, reason: 'PodsNotReady', message: `${subject} waits for ${names} to be ready` });
    }
  }
}
