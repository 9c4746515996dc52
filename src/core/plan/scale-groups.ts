import { groupLabel, groupName } from '../../api/names.js';
import { backOffUntilMs } from '../back-off.js';
import { partitionOf } from '../limits.js';
import { countsOf } from '../templates.js';
import type { Desired, Observed } from '../types.js';
import { type Draft, lookAgain, secondsUntil } from './draft.js';
import { whyNotRunning } from './why-not-running.js';

/** Down: the highest ordinal, always, and the next one when it is gone. */
export function scaleDownGroups({ desired, views, actions, holds, taken }: Draft): void {
  const surplus = views.filter((view) => view.ordinal >= desired.replicas).reverse();
  const [highest, ...others] = surplus;
  if (!highest) return;
  for (const view of others) {
    if (view.deleting) continue;
    holds.push({
      subject: view.label,
      reason: 'OrdinalStillDeleting',
      message: `${view.label} is deleted when ${highest.label} is gone`,
    });
  }
  if (highest.deleting) return;
  taken.add(highest.ordinal);
  actions.push({
    type: 'DeleteGroup',
    group: highest.ordinal,
    reason: 'OutOfRange',
    message: `${highest.label} is deleted: it is the highest ordinal and ${desired.replicas} replicas are wanted`,
    candidates: surplus.map((view) => view.label),
  });
}

/** Up: the lowest missing ordinal, when all below it are Running. */
export function scaleUpGroups(draft: Draft): void {
  const { desired, observed, views, actions, holds, nowMs } = draft;
  const present = new Set(views.map((view) => view.ordinal));
  const missing = Array.from({ length: desired.replicas }, (_, ordinal) => ordinal).filter(
    (ordinal) => !present.has(ordinal),
  );
  const [next, ...later] = missing;
  for (const ordinal of later) {
    holds.push(predecessorHold(groupLabel(ordinal), groupLabel(next ?? 0), 'it is not made yet'));
  }
  if (next === undefined) return;
  const label = groupLabel(next);
  const below = views.find((view) => view.ordinal < next && !view.running);
  if (below) {
    holds.push(predecessorHold(label, below.label, whyNotRunning(below)));
    return;
  }
  const readyAtMs = backOffUntilMs(observed.backOff[groupName(desired.name, next)]);
  if (nowMs < readyAtMs) {
    lookAgain(draft, readyAtMs);
    holds.push({
      subject: label,
      reason: 'BackOff',
      message: `${label} failed repeatedly and is made again in ${secondsUntil(draft, readyAtMs)}`,
    });
    return;
  }
  const { revision, roles } = templateFor(desired, observed, next);
  actions.push({
    type: 'CreateGroup',
    group: next,
    revision,
    counts: countsOf(roles),
    reason: 'MissingOrdinal',
    message: `${label} is created: ${desired.replicas} replicas are wanted and all below it are Running`,
    candidates: missing.map(groupLabel),
  });
}

const predecessorHold = (subject: string, predecessor: string, why: string) => ({
  subject,
  reason: 'PredecessorNotReady',
  message: `${subject} waits until ${predecessor} is Running (${why})`,
});

/** Below the partition a missing ordinal comes back from the older revision, as long as that is stored. */
function templateFor(desired: Desired, observed: Observed, ordinal: number) {
  const older = observed.revisions[observed.currentRevision];
  if (ordinal < partitionOf(desired) && older) return { revision: observed.currentRevision, roles: older };
  return { revision: desired.revision, roles: desired.roles };
}
