import { groupStatus } from '../group-status.js';
import { instanceTemplate } from '../instance-template.js';
import type { Counts } from '../types.js';
import type { GroupView } from '../view-groups.js';
import type { Draft } from './draft.js';
import { whyNotRunning } from './why-not-running.js';

/**
 * Tells groups their new counts: those that are not Running at once, the others one by one from the highest ordinal down. Under `upstream`
 * all of them at once.
 */
export function scaleRoles(draft: Draft): void {
  const { desired, views, holds, taken } = draft;
  const changing = views.filter(
    // What is surplus goes with the counts it has.
    (view) => !view.surplus && !view.deleting && !view.countsMet && !taken.has(view.ordinal),
  );
  if (desired.rules === 'upstream') {
    for (const view of changing) setCounts(draft, view, view.target, 'all ServingGroups at once');
    return;
  }
  for (const view of changing) {
    if (view.running || isOnlyShedding(draft, view)) continue;
    setCounts(draft, view, view.target, `${view.label} is not Running and takes the new counts at once`);
  }
  const walk = changing.filter((view) => view.running).reverse();
  const [highest] = walk;
  if (!highest) return;
  const wait = reasonToWait(draft, highest);
  if (!wait) {
    setCounts(
      draft,
      highest,
      highest.target,
      `${highest.label} is the highest ordinal with other counts than wanted`,
    );
  } else {
    giveSurplusUp(draft, walk);
    if (!taken.has(highest.ordinal)) holds.push({ subject: highest.label, ...wait });
  }
  for (const view of walk) {
    if (view === highest || taken.has(view.ordinal)) continue;
    holds.push({
      subject: view.label,
      reason: 'HigherOrdinalFirst',
      message: `the roles of ${view.label} change when ${highest.label} is done`,
    });
  }
}

/**
 * It runs, but for surplus that is going, while another group is held up: perhaps it gave that up for the other, and is not to follow it
 * out of Running with more.
 */
function isOnlyShedding({ desired, observed, views }: Draft, { group, ordinal }: GroupView): boolean {
  const staying = group.instances.filter((instance) => !instance.deleting);
  if (staying.length === group.instances.length) return false;
  if (!views.some((view) => view.heldUp && view.ordinal !== ordinal)) return false;
  const templateOf = (instance: (typeof staying)[number]) =>
    instanceTemplate(desired, observed, group.record, instance);
  return groupStatus({ ...group, instances: staying }, templateOf) === 'Running';
}

/** Why even the highest Running group does not change yet: groups come first, and one is out of Running at a time. */
function reasonToWait(draft: Draft, next: GroupView) {
  const { desired, views } = draft;
  const surplus = views.find((view) => view.surplus);
  if (surplus) {
    const message = `the roles of ${next.label} change when ${surplus.label} is gone`;
    return { reason: 'OrdinalStillDeleting', message };
  }
  const present = views.filter((view) => !view.deleting).length;
  if (present < desired.replicas) {
    const message = `the roles of ${next.label} change when all ${desired.replicas} ServingGroups exist`;
    return { reason: 'GroupsMissing', message };
  }
  const blocking = views.find(
    (view) => !view.running && view !== next && (view.ordinal > next.ordinal || !isHeldUp(draft, view)),
  );
  if (!blocking) return undefined;
  const message = `the roles of ${next.label} change when ${blocking.label} is Running (${whyNotRunning(blocking)})`;
  return { reason: 'GroupNotReady', message };
}

/**
 * While a group is held up, perhaps for want of room, others give up what is surplus, highest first: else each could wait for the other.
 * One at a time: nothing happens while a group is out of Running that is not held up.
 */
function giveSurplusUp(draft: Draft, walk: readonly GroupView[]): void {
  const out = draft.views.filter((view) => !view.running);
  const stuck = out.find((view) => isHeldUp(draft, view) && !view.surplus);
  if (!stuck || out.some((view) => !isHeldUp(draft, view))) return;
  for (const view of walk) {
    const counts = view.group.record.counts;
    const fewer: Record<string, number> = {};
    for (const role in counts) fewer[role] = Math.min(counts[role] ?? 0, view.target[role] ?? 0);
    if (Object.keys(counts).every((role) => fewer[role] === counts[role])) continue;
    setCounts(draft, view, fewer, `${view.label} gives up what is surplus, since ${stuck.label} is held up`);
    return;
  }
}

/** What an earlier rule deletes in this very pass is on its way again. */
const isHeldUp = ({ actions }: Draft, { heldUp, ordinal }: GroupView): boolean =>
  heldUp !== undefined && !actions.some(({ type, group }) => type === 'DeleteGroup' && group === ordinal);

function setCounts(draft: Draft, view: GroupView, counts: Counts, why: string): void {
  const before = view.group.record.counts;
  const changes = Object.keys(counts)
    .filter((role) => counts[role] !== before[role])
    .map((role) => `${role} ${before[role] ?? 0} → ${counts[role]}`);
  draft.taken.add(view.ordinal);
  draft.actions.push({
    type: 'SetCounts',
    group: view.ordinal,
    counts,
    reason: 'CountsChanged',
    message: `${changes.join(', ') || 'instances take the lowest ordinals'}: ${why}`,
    candidates: [
      view.label,
      ...draft.views.filter((each) => !each.countsMet && each !== view).map((each) => each.label),
    ],
  });
}
