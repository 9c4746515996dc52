import { resolveIntOrPercent } from '../int-or-percent.js';
import type { Desired } from '../types.js';
import type { GroupView } from '../view-groups.js';
import { type Draft, whyNotRunning } from './draft.js';

/**
 * ServingGroupRollingUpdate: an outdated group is deleted, and scaling brings it back at its ordinal from the new template. What is not
 * Running goes at once, outside the budget and instead of being repaired.
 */
export function replaceBroken(draft: Draft): void {
  if (draft.desired.paused) return;
  const outdated = outdatedGroups(draft);
  for (const view of outdated) {
    if (!view.running) replace(draft, view, 'it is outdated and not Running', outdated);
  }
}

/** A Running one goes only while the budget lasts and when all counts are met, highest first. */
export function rollOut(draft: Draft): void {
  const { desired, views, holds } = draft;
  const outdated = outdatedGroups(draft).filter((view) => view.running);
  if (outdated.length === 0) return;
  if (desired.paused) {
    holds.push({ subject: '', reason: 'Paused', message: 'the roll-out is paused by an annotation' });
    return;
  }
  let budget = budgetOf(desired, views);
  const wait = reasonToWait(draft);
  for (const view of outdated) {
    if (!wait && budget > 0) {
      budget--;
      replace(draft, view, 'its template is outdated', outdated);
      continue;
    }
    const message = wait
      ? `${view.label} is replaced by the new template when ${wait}`
      : `${view.label} is replaced when more groups are Running: ${whoIsOut(views)}`;
    holds.push({ subject: view.label, reason: wait ? 'ScalingFirst' : 'UnavailableBudget', message });
  }
}

const outdatedGroups = ({ desired, views, taken }: Draft): GroupView[] =>
  views
    .filter((view) => view.outdated && !view.isProtected && view.ordinal < desired.replicas)
    .filter((view) => !taken.has(view.ordinal))
    .reverse();

/** How many Running groups may go now: never fewer than replicas − maxUnavailable shall stay Running. */
function budgetOf(desired: Desired, views: readonly GroupView[]): number {
  const allowed = Math.max(1, resolveIntOrPercent(desired.maxUnavailable ?? 1, desired.replicas, 'down'));
  return views.filter((view) => view.running).length - (desired.replicas - allowed);
}

function reasonToWait({ desired, views }: Draft): string | undefined {
  const surplus = views.find((view) => view.ordinal >= desired.replicas);
  if (surplus) return `${surplus.label} is gone`;
  const present = views.filter((view) => !view.deleting).length;
  if (present < desired.replicas) return `all ${desired.replicas} ServingGroups exist`;
  const unmet = views.find((view) => !view.countsMet);
  return unmet ? `${unmet.label} has its new counts` : undefined;
}

function whoIsOut(views: readonly GroupView[]): string {
  const out = views.find((view) => !view.running);
  return out ? `${out.label} is not (${whyNotRunning(out)})` : 'maxUnavailable allows no more';
}

function replace(draft: Draft, view: GroupView, why: string, outdated: readonly GroupView[]): void {
  draft.taken.add(view.ordinal);
  draft.actions.push({
    type: 'DeleteGroup',
    group: view.ordinal,
    reason: 'Outdated',
    message: `${view.label} is deleted and made from the new template: ${why}`,
    candidates: outdated.map((each) => each.label),
  });
}
