import { annotation } from '../../api/labels.js';
import type { RoleSpec } from '../../api/types/model-serving.js';
import { isOutdated } from '../instance-template.js';
import { isInstanceRunning } from '../is-instance-running.js';
import { roleLimitsOf } from '../limits.js';
import { outdatedInstances, type RollingInstance } from '../outdated-instances.js';
import type { InstanceObserved } from '../types.js';
import type { GroupView } from '../view-groups.js';
import type { Draft } from './draft.js';
import { reasonToWait } from './roll-out.js';
import { whyNotRunning } from './why-not-running.js';

type Rolling = RollingInstance & { readonly instance: InstanceObserved };

/**
 * RoleRollingUpdate: outdated role instances are deleted, and scaling brings them back at their ordinal from the new template. What is not
 * Running goes at once, outside the budget and instead of being repaired; under `upstream` the budget is for all.
 */
export function replaceBrokenInstances(draft: Draft): void {
  if (draft.desired.paused || draft.desired.rules === 'upstream') return;
  for (const view of outdatedGroups(draft)) {
    for (const role of draft.desired.roles) {
      const broken = rolling(draft, view, role).going.filter((each) => !each.running);
      for (const each of broken) replace(draft, view, each, 'it is outdated and not Running', broken);
    }
  }
}

/**
 * What is Running goes while the budget of its role lasts. One group at a time from the highest, when all counts are met and no other group
 * is out of Running on its way; under `upstream` all groups at once.
 */
export function rollOutRoles(draft: Draft): void {
  const { desired, holds } = draft;
  const outdated = outdatedGroups(draft);
  const [highest] = outdated;
  if (!highest) return;
  if (desired.paused) {
    const message = `the roll-out is paused by the annotation ${annotation.paused}`;
    for (const view of outdated) holds.push({ subject: view.label, reason: 'Paused', message });
    return;
  }
  const isUpstream = desired.rules === 'upstream';
  const wait = isUpstream ? undefined : (reasonToWait(draft) ?? whoIsOnItsWay(draft, highest));
  for (const view of outdated) {
    if (wait || (!isUpstream && view !== highest)) {
      const until = wait ?? `${highest.label} is done`;
      const message = `the roles of ${view.label} take the new template when ${until}`;
      holds.push({ subject: view.label, reason: wait ? 'ScalingFirst' : 'HigherOrdinalFirst', message });
    } else rollGroup(draft, view);
  }
}

function rollGroup(draft: Draft, view: GroupView): void {
  for (const role of draft.desired.roles) {
    const { going, budget } = rolling(draft, view, role);
    const now = going.slice(0, budget);
    for (const each of now) replace(draft, view, each, 'its template is outdated', going);
    for (const { instance } of going.slice(now.length)) {
      const subject = `${view.label}/${instance.roleId}`;
      const message = `${subject} takes the new template when more of ${role.name} are Running, since maxUnavailable is ${role.maxUnavailable ?? 1}`;
      draft.holds.push({ subject, reason: 'UnavailableBudget', message });
    }
  }
}

const outdatedGroups = ({ views, taken }: Draft): GroupView[] =>
  views
    .filter((view) => view.outdated && !view.isProtected && !view.surplus && !taken.has(view.ordinal))
    .reverse();

/** A group that is held up is not waited for, except by those below it: its new template may be what holds it up. */
function whoIsOnItsWay({ views }: Draft, next: GroupView): string | undefined {
  const out = views.find(
    (view) => view !== next && !view.running && (view.ordinal > next.ordinal || !view.heldUp),
  );
  return out && `${out.label} is Running (${whyNotRunning(out)})`;
}

function rolling({ desired, observed, actions }: Draft, view: GroupView, role: RoleSpec) {
  const { group } = view;
  const leaving = new Set(
    actions.flatMap((each) =>
      each.type === 'DeleteInstance' && each.group === view.ordinal ? [`${each.role}-${each.ordinal}`] : [],
    ),
  );
  const instances = group.instances
    .filter((instance) => instance.role === role.name)
    .map(
      (instance): Rolling => ({
        instance,
        ordinal: instance.ordinal,
        running: isInstanceRunning(desired, observed, group.record, instance),
        deleting: instance.deleting !== undefined || leaving.has(instance.roleId),
        outdated: isOutdated(desired, observed, group.record, instance),
      }),
    );
  return outdatedInstances(instances, roleLimitsOf(desired, role), desired.rules);
}

function replace(
  draft: Draft,
  view: GroupView,
  { instance }: Rolling,
  why: string,
  candidates: readonly Rolling[],
): void {
  const subject = `${view.label}/${instance.roleId}`;
  const others = candidates.map((each) => `${view.label}/${each.instance.roleId}`);
  draft.taken.add(view.ordinal);
  draft.actions.push({
    type: 'DeleteInstance',
    group: view.ordinal,
    role: instance.role,
    ordinal: instance.ordinal,
    reason: 'Outdated',
    message: `${subject} is deleted and made from the new template: ${why}`,
    candidates: [subject, ...others.filter((each) => each !== subject)],
  });
}
