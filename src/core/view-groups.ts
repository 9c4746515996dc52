import { groupLabel, groupName, instanceName, roleId } from '../api/names.js';
import type { RoleSpec } from '../api/types/model-serving.js';
import { type Age, ageOfGroup } from './age-of-group.js';
import { backOffUntilMs } from './back-off.js';
import { groupStatus } from './group-status.js';
import { instanceTemplate } from './instance-template.js';
import { partitionOf } from './limits.js';
import { revisionOfNew } from './revision-of-new.js';
import { countsOf, rolesOf, sameCounts } from './templates.js';
import type { Counts, Desired, GroupObserved, Observed } from './types.js';
import { type Candidate, victims } from './victims.js';

/** A group with everything the decisions ask about it, worked out once per pass. */
export interface GroupView extends Candidate, Age {
  readonly group: GroupObserved;
  readonly label: string;
  /** One too many, by the rules in force. */
  readonly surplus: boolean;
  /** The counts it shall have in the end, within its own template. */
  readonly target: Counts;
  readonly countsMet: boolean;
  /** Why it cannot become Running by itself soon; undefined when it is Running or on its way. */
  readonly heldUp: { readonly reason: string; readonly message: string } | undefined;
}

export function viewGroups(desired: Desired, observed: Observed, nowMs: number): GroupView[] {
  const guarded = partitionOf(desired);
  const views = observed.groups.map((group, position) =>
    viewOf(desired, observed, group, position < guarded, nowMs),
  );
  const surplus = new Set(victims(desired.rules, views, desired.replicas));
  return views.map((view) => (surplus.has(view) ? { ...view, surplus: true } : view));
}

type Known = Pick<Observed, 'revisions'> & { readonly desired: Desired; readonly view: GroupView };
/** Most groups are the same in many passes, above all in those that `simulate` folds: what is known of them is not worked out again. */
const known = new WeakMap<GroupObserved, Known>();

function viewOf(
  desired: Desired,
  observed: Observed,
  group: GroupObserved,
  guarded: boolean,
  nowMs: number,
): GroupView {
  const before = known.get(group);
  const isSame = before?.desired === desired && before.revisions === observed.revisions;
  if (isSame && before.view.guarded === guarded) return before.view;
  const deleting = group.record.deleting !== undefined;
  const templateOf = (instance: GroupObserved['instances'][number]) =>
    instanceTemplate(desired, observed, group.record, instance);
  const running = groupStatus(group, templateOf) === 'Running';
  const age = ageOfGroup(desired, observed, group, { running, guarded });
  const target = deleting ? group.record.counts : targetCounts(desired, observed, group, age);
  const mayChange = !running && !deleting;
  const view: GroupView = {
    ...age,
    group,
    ordinal: group.ordinal,
    label: groupLabel(group.ordinal),
    deleting,
    running,
    guarded,
    cost: sum(group.instances.flatMap((instance) => instance.pods.map((pod) => pod.deletionCost))),
    surplus: false,
    target,
    countsMet: sameCounts(group.record.counts, target) && (deleting || isInOrder(desired, group, target)),
    heldUp: mayChange ? heldUp(desired, observed, { group, revision: age.revision }, nowMs) : undefined,
  };
  // A back-off ends as time goes by, and is no part of the group.
  if (!mayChange) known.set(group, { desired, revisions: observed.revisions, view });
  return view;
}

/** Under the ordinal rules no instance stays beyond its count; other rules may have left some there. */
const isInOrder = ({ rules }: Desired, { instances }: GroupObserved, counts: Counts): boolean =>
  rules === 'upstream' || instances.every((each) => each.deleting || each.ordinal < (counts[each.role] ?? 0));

/**
 * Under RoleRollingUpdate those of the spec. Otherwise a role that the group's own template does not have waits for the roll-out, and so
 * does one that left the spec; a protected group has its own template's counts.
 */
function targetCounts(
  desired: Desired,
  observed: Observed,
  { record }: GroupObserved,
  { revision, isProtected }: Age,
): Counts {
  if (desired.rolloutType === 'RoleRollingUpdate') return countsOf(desired.roles);
  const own = rolesOf(desired, observed, revision);
  if (!own) return record.counts;
  const wanted = (role: RoleSpec) =>
    isProtected ? undefined : desired.roles.find((each) => each.name === role.name);
  return countsOf(own.map((role) => wanted(role) ?? role));
}

function heldUp(
  desired: Desired,
  observed: Observed,
  of: { group: GroupObserved; revision: string },
  nowMs: number,
): GroupView['heldUp'] {
  const { group } = of;
  for (const instance of group.instances) {
    for (const pod of instance.pods) if (pod.heldUp) return pod.heldUp;
  }
  const name = groupName(desired.name, group.ordinal);
  for (const role in group.record.counts) {
    const count = group.record.counts[role] ?? 0;
    for (let ordinal = 0; ordinal < count; ordinal++) {
      const entry = observed.backOff[instanceName(name, roleId(role, ordinal))];
      if (!entry || nowMs >= backOffUntilMs(entry, revisionOfNew(desired, observed, of, role, ordinal)))
        continue;
      if (!group.instances.some((each) => each.role === role && each.ordinal === ordinal)) {
        return { reason: 'BackOff', message: `${roleId(role, ordinal)} failed ${entry.failures} times` };
      }
    }
  }
  return undefined;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
