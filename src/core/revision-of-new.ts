import { roleLimitsOf } from './limits.js';
import type { Desired, GroupObserved, Observed } from './types.js';

/**
 * What a missing instance of a group is made from. Under ServingGroupRollingUpdate the group's own template; under RoleRollingUpdate the
 * newest, except below the role's partition and while the roll-out is paused. Pure.
 */
export function revisionOfNew(
  desired: Desired,
  observed: Observed,
  { group, revision }: { group: GroupObserved; revision: string },
  role: string,
  ordinal: number,
): string {
  if (desired.rolloutType !== 'RoleRollingUpdate') return revision;
  const own = group.record.revision;
  const spec = desired.roles.find((each) => each.name === role);
  const isKept = desired.paused || (spec !== undefined && ordinal < roleLimitsOf(desired, spec).partition);
  const isStored = observed.revisions[own]?.some((each) => each.name === role);
  return isKept && isStored ? own : desired.revision;
}
