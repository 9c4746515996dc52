import { groupLabel, groupName } from '../../api/names.js';
import { backOffUntilMs, backOffWords } from '../back-off.js';
import { partitionOf } from '../limits.js';
import { missingOrdinals } from '../missing-ordinals.js';
import { countsOf } from '../templates.js';
import type { Desired, Observed } from '../types.js';
import { victims, whyVictim } from '../victims.js';
import { type Draft, lookAgain } from './draft.js';
import { whyNotRunning } from './why-not-running.js';

/** Nobody runs more groups on one machine: for a number far beyond, not every missing one needs words of its own. */
const mostExplained = 1000;

/** Down: the highest ordinal, always, and the next one when it is gone. Under `upstream` all that are too many, at once. */
export function scaleDownGroups({ desired, views, actions, holds, taken }: Draft): void {
  const surplus = victims(desired.rules, views, desired.replicas);
  const atOnce = desired.rules === 'upstream' ? surplus.length : 1;
  for (const view of surplus.slice(0, atOnce)) {
    if (view.deleting) continue;
    taken.add(view.ordinal);
    actions.push({
      type: 'DeleteGroup',
      group: view.ordinal,
      reason: 'OutOfRange',
      message: `${view.label} is deleted: ${whyVictim(desired.rules, view)} and ${desired.replicas} replicas are wanted`,
      candidates: [view, ...surplus.filter((each) => each !== view)].map((each) => each.label),
    });
  }
  for (const view of surplus.slice(atOnce)) {
    if (view.deleting) continue;
    holds.push({
      subject: view.label,
      reason: 'OrdinalStillDeleting',
      message: `${view.label} is deleted when ${surplus[0]?.label} is gone`,
    });
  }
}

/** Up: the lowest missing ordinal, when all below it are Running. Under `upstream` as many as are missing, at once. */
export function scaleUpGroups(draft: Draft): void {
  const { desired, views } = draft;
  const present = views.map((view) => view.ordinal);
  if (desired.rules === 'upstream') {
    const wanted = Math.max(0, desired.replicas - views.filter((view) => !view.deleting).length);
    // Those being deleted count as there until they are gone.
    const now = Math.max(0, desired.replicas - views.length);
    const going = views.filter((view) => view.deleting).map((view) => view.label);
    missingOrdinals(present, desired.replicas, Math.min(wanted, now + mostExplained)).forEach(
      (ordinal, at, all) => {
        if (at < now) createGroup(draft, ordinal, all);
        else draft.holds.push(comesAfter(groupLabel(ordinal), going.join(', ')));
      },
    );
    return;
  }
  const missing = missingOrdinals(present, desired.replicas, mostExplained);
  const [next, ...later] = missing;
  for (const ordinal of later) {
    draft.holds.push(predecessorHold(groupLabel(ordinal), groupLabel(next ?? 0), 'it is not made yet'));
  }
  if (next === undefined) return;
  const below = views.find((view) => view.ordinal < next && !view.running);
  if (below) draft.holds.push(predecessorHold(groupLabel(next), below.label, whyNotRunning(below)));
  else createGroup(draft, next, missing);
}

function createGroup(draft: Draft, ordinal: number, missing: readonly number[]): void {
  const { desired, observed, actions, holds, nowMs } = draft;
  const label = groupLabel(ordinal);
  const { revision, roles } = templateFor(desired, observed, ordinal);
  const entry = observed.backOff[groupName(desired.name, ordinal)];
  const readyAtMs = backOffUntilMs(entry, revision);
  if (entry && nowMs < readyAtMs) {
    lookAgain(draft, readyAtMs);
    holds.push({ subject: label, reason: 'BackOff', message: backOffWords(label, entry) });
    return;
  }
  const why = desired.rules === 'ordinal' ? ' and all below it are Running' : '';
  actions.push({
    type: 'CreateGroup',
    group: ordinal,
    revision,
    counts: countsOf(roles),
    reason: 'MissingOrdinal',
    message: `${label} is created: ${desired.replicas} replicas are wanted${why}`,
    candidates: [ordinal, ...missing.filter((each) => each !== ordinal)].map(groupLabel),
  });
}

const comesAfter = (subject: string, going: string) => ({
  subject,
  reason: 'OrdinalStillDeleting',
  message: `${subject} is created when ${going} is gone`,
});

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
