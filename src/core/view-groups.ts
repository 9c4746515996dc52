import { groupLabel, groupName, instanceName, roleId } from '../api/names.js';
import type { RoleSpec } from '../api/types/model-serving.js';
import { backOffUntilMs } from './back-off.js';
import { groupStatus } from './group-status.js';
import { partitionOf } from './limits.js';
import { rolesOf, sameCounts } from './templates.js';
import type { Counts, Desired, GroupObserved, Observed } from './types.js';

/** A group with everything the decisions ask about it, worked out once per pass. */
export interface GroupView {
  readonly group: GroupObserved;
  readonly ordinal: number;
  readonly label: string;
  readonly deleting: boolean;
  readonly running: boolean;
  /** Older, and below the partition: keeps its revision and its revision's counts. */
  readonly isProtected: boolean;
  readonly outdated: boolean;
  /** What its missing instances are made from: its own revision, or the newest when nothing in it is older. */
  readonly revision: string;
  /** The counts it shall have in the end, within its own template. */
  readonly target: Counts;
  readonly countsMet: boolean;
  /** Why it cannot become Running by itself soon; undefined when it is Running or on its way. */
  readonly heldUp: { readonly reason: string; readonly message: string } | undefined;
}

export function viewGroups(desired: Desired, observed: Observed, nowMs: number): GroupView[] {
  const guarded = partitionOf(desired);
  return observed.groups.map((group, position) => {
    const deleting = group.record.deleting !== undefined;
    const roles = rolesOf(desired, observed, group.record.revision);
    const running = groupStatus(group, roles) === 'Running';
    const guards = position < guarded && (running || roles !== undefined);
    const outdated = !deleting && (isOutdated(desired, group) || (guards && isDepleted(desired, group)));
    const isProtected = guards && outdated;
    const revision = deleting || outdated ? group.record.revision : desired.revision;
    const target = deleting
      ? group.record.counts
      : targetCounts(desired, group, rolesOf(desired, observed, revision), isProtected);
    return {
      group,
      ordinal: group.ordinal,
      label: groupLabel(group.ordinal),
      deleting,
      running,
      isProtected,
      outdated,
      revision,
      target,
      countsMet: sameCounts(group.record.counts, target),
      heldUp: running || deleting ? undefined : heldUp(desired, observed, group, nowMs),
    };
  });
}

/** Whatever the revision labels say: what counts is the template of each instance. An unknown hash ('') never counts as outdated. */
function isOutdated(desired: Desired, { record, instances }: GroupObserved): boolean {
  for (const instance of instances) {
    if (instance.deleting || instance.templateHash === '') continue;
    if (instance.templateHash !== desired.roleHashes[instance.role]) return true;
  }
  const roles = Object.keys(record.counts);
  return roles.length !== desired.roles.length || roles.some((role) => !(role in desired.roleHashes));
}

/** Some of an older group's instances are gone, and shall come back from its own template: it is no newer for their absence. */
function isDepleted(desired: Desired, { record, instances }: GroupObserved): boolean {
  if (record.revision === desired.revision) return false;
  const wanted = Object.values(record.counts).reduce((sum, count) => sum + count, 0);
  return instances.filter((instance) => !instance.deleting).length < wanted;
}

/** A role that the group's own template does not have waits for the roll-out, and so does one that left the spec. */
function targetCounts(
  desired: Desired,
  { record }: GroupObserved,
  own: readonly RoleSpec[] | undefined,
  isProtected: boolean,
): Counts {
  if (!own) return record.counts;
  const counts: Record<string, number> = {};
  for (const role of own) {
    const wanted = isProtected ? undefined : desired.roles.find((each) => each.name === role.name);
    counts[role.name] = (wanted ?? role).replicas;
  }
  return counts;
}

function heldUp(
  desired: Desired,
  observed: Observed,
  group: GroupObserved,
  nowMs: number,
): GroupView['heldUp'] {
  for (const instance of group.instances) {
    for (const pod of instance.pods) if (pod.heldUp) return pod.heldUp;
  }
  const name = groupName(desired.name, group.ordinal);
  for (const role in group.record.counts) {
    const count = group.record.counts[role] ?? 0;
    for (let ordinal = 0; ordinal < count; ordinal++) {
      const entry = observed.backOff[instanceName(name, roleId(role, ordinal))];
      if (!entry || nowMs >= backOffUntilMs(entry)) continue;
      if (!group.instances.some((each) => each.role === role && each.ordinal === ordinal)) {
        return { reason: 'BackOff', message: `${roleId(role, ordinal)} failed ${entry.failures} times` };
      }
    }
  }
  return undefined;
}
