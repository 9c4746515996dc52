import { roleTemplateHash } from '../api/revision-hash.js';
import { isOutdated } from './instance-template.js';
import { roleLimitsOf } from './limits.js';
import type { Desired, GroupObserved, InstanceObserved, Observed } from './types.js';

/** How a group stands to the newest template. */
export interface Age {
  /** Something in it is older, or a role is missing or extra. */
  readonly outdated: boolean;
  /** Older, and a partition keeps all that is older as it is. */
  readonly isProtected: boolean;
  /** Its own: the newest as soon as nothing in it is older. */
  readonly revision: string;
}

/** Whatever revision labels say, what counts is the template of each instance. Pure. */
export function ageOfGroup(
  desired: Desired,
  observed: Observed,
  group: GroupObserved,
  state: { running: boolean; guarded: boolean },
): Age {
  const { record } = group;
  const hasTemplate =
    record.revision === desired.revision || observed.revisions[record.revision] !== undefined;
  const { outdated, isProtected } = record.deleting
    ? { outdated: false, isProtected: false }
    : desired.rolloutType === 'RoleRollingUpdate'
      ? byRole(desired, observed, group)
      : asWhole(desired, observed, group, state.guarded && (state.running || hasTemplate));
  return {
    outdated,
    isProtected,
    revision: record.deleting || outdated ? record.revision : desired.revision,
  };
}

function asWhole(desired: Desired, observed: Observed, group: GroupObserved, guards: boolean) {
  const outdated =
    group.instances.some((each) => isOld(desired, observed, group, each)) ||
    hasOtherRoles(desired, group) ||
    lacksOlder(desired, observed, group);
  return { outdated, isProtected: outdated && guards };
}

/** The first instances of a role by position are kept by its partition, and so is an ordinal below it that is to come back. */
function byRole(desired: Desired, observed: Observed, group: GroupObserved) {
  let kept = false;
  let older = hasOtherRoles(desired, group) || (desired.paused && lacksOlder(desired, observed, group));
  const comesBack = group.record.revision !== desired.revision && observed.revisions[group.record.revision];
  for (const role of desired.roles) {
    const { partition } = roleLimitsOf(desired, role);
    const own = group.instances
      .filter((each) => each.role === role.name)
      .sort((a, b) => a.ordinal - b.ordinal);
    own.forEach((each, position) => {
      if (!isOld(desired, observed, group, each)) return;
      if (position < partition) kept = true;
      else older = true;
    });
    const lowest = own.filter((each) => !each.deleting && each.ordinal < partition).length;
    if (comesBack && lowest < Math.min(partition, role.replicas)) kept = true;
  }
  return { outdated: kept || older, isProtected: kept && !older };
}

const isOld = (desired: Desired, observed: Observed, { record }: GroupObserved, each: InstanceObserved) =>
  !each.deleting && isOutdated(desired, observed, record, each);

function hasOtherRoles(desired: Desired, { record }: GroupObserved): boolean {
  const roles = Object.keys(record.counts);
  return roles.length !== desired.roles.length || roles.some((role) => !(role in desired.roleHashes));
}

/** An instance of an older template is gone, and shall come back from it: the group is no newer for its absence. */
function lacksOlder(desired: Desired, observed: Observed, { record, instances }: GroupObserved): boolean {
  if (record.revision === desired.revision) return false;
  return (observed.revisions[record.revision] ?? []).some((role) => {
    const present = instances.filter((each) => each.role === role.name && !each.deleting).length;
    const changed = roleTemplateHash(role) !== desired.roleHashes[role.name];
    return changed && present < (record.counts[role.name] ?? 0);
  });
}
