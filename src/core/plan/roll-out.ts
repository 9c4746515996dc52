import { annotation } from '../../api/labels.js';
import { maxUnavailableOf } from '../limits.js';
import type { GroupView } from '../view-groups.js';
import type { Draft } from './draft.js';
import { whyNotRunning } from './why-not-running.js';

/**
 * ServingGroupRollingUpdate: an outdated group is deleted, and scaling brings it back at its ordinal from the new template. What is not
 * Running goes at once, outside the budget and instead of being repaired.
 */
export function replaceBroken(draft: Draft): void {
  if (draft.desired.paused || draft.desired.rules === 'upstream') return;
  const outdated = outdatedGroups(draft);
  for (const view of outdated) {
    if (!view.running) replace(draft, view, 'it is outdated and not Running', outdated);
  }
}

/**
 * A Running one goes only while the budget lasts and when all counts are met, highest first. Under `upstream` the budget is for all, those
 * that are not Running come first, and nothing else is waited for.
 */
export function rollOut(draft: Draft): void {
  const { desired, holds } = draft;
  const isUpstream = desired.rules === 'upstream';
  const outdated = outdatedGroups(draft)
    .filter((view) => view.running || isUpstream)
    .sort((a, b) => Number(a.running) - Number(b.running));
  if (outdated.length === 0) return;
  if (desired.paused) {
    const message = `the roll-out is paused by the annotation ${annotation.paused}`;
    for (const view of outdated) holds.push({ subject: view.label, reason: 'Paused', message });
    return;
  }
  const wait = isUpstream ? undefined : reasonToWait(draft);
  const spare = budget(draft);
  const going = wait ? [] : outdated.slice(0, Math.max(0, spare));
  for (const view of going) replace(draft, view, 'its template is outdated', outdated);
  for (const view of outdated.slice(going.length)) {
    holds.push(
      wait
        ? {
            subject: view.label,
            reason: 'ScalingFirst',
            message: `${view.label} takes the new template when ${wait}`,
          }
        : {
            subject: view.label,
            reason: 'UnavailableBudget',
            message: `${view.label} takes the new template when ${whoIsOut(draft, going)}, since maxUnavailable is ${desired.maxUnavailable ?? 1}`,
          },
    );
  }
}

/**
 * Never fewer than replicas − maxUnavailable shall stay Running. Under `upstream` what is outdated and not Running counts as there: it is the
 * first to go.
 */
function budget(draft: Draft): number {
  const { desired, views, actions } = draft;
  const leaving = new Set(actions.filter((each) => each.type !== 'SetRevision').map((each) => each.group));
  const first = desired.rules === 'upstream' ? outdatedGroups(draft) : [];
  const there = views.filter((view) => (view.running ? !leaving.has(view.ordinal) : first.includes(view)));
  return there.length - (desired.replicas - maxUnavailableOf(desired));
}

const outdatedGroups = ({ views, taken }: Draft): GroupView[] =>
  views
    .filter((view) => view.outdated && !view.isProtected && !view.surplus)
    .filter((view) => !taken.has(view.ordinal))
    .reverse();

/** What a roll-out waits for: everything else comes first. */
export function reasonToWait({ desired, views }: Draft): string | undefined {
  const surplus = views.find((view) => view.surplus);
  if (surplus) return `${surplus.label} is gone`;
  const present = views.filter((view) => !view.deleting).length;
  const going = views.find((view) => view.deleting);
  if (present < desired.replicas)
    return going ? `${going.label} is made anew` : `all ${desired.replicas} ServingGroups exist`;
  const unmet = views.find((view) => !view.countsMet);
  return unmet ? `${unmet.label} has its new counts` : undefined;
}

/** Whom the outdated ones wait for: those that go in this pass, else the first that is not Running. */
export function whoIsOut({ views }: Draft, going: readonly GroupView[]): string {
  const labels = going.map((view) => view.label).join(', ');
  if (labels !== '') return `${labels} ${going.length === 1 ? 'is' : 'are'} Running again`;
  const out = views.find((view) => !view.running);
  return out ? `${out.label} is Running (${whyNotRunning(out)})` : 'more groups are Running';
}

function replace(draft: Draft, view: GroupView, why: string, outdated: readonly GroupView[]): void {
  draft.taken.add(view.ordinal);
  draft.actions.push({
    type: 'DeleteGroup',
    group: view.ordinal,
    reason: 'Outdated',
    message: `${view.label} is deleted and made from the new template: ${why}`,
    candidates: [view.label, ...outdated.map((each) => each.label).filter((label) => label !== view.label)],
  });
}
