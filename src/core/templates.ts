import type { RoleSpec } from '../api/types/model-serving.js';
import type { Counts, Desired, Observed } from './types.js';

/** The roles of a revision: the spec's own, or a stored template. Undefined when neither has it (the store was lost). */
export const rolesOf = (
  desired: Desired,
  observed: Observed,
  revision: string,
): readonly RoleSpec[] | undefined =>
  revision === desired.revision ? desired.roles : observed.revisions[revision];

export const countsOf = (roles: readonly RoleSpec[]): Counts =>
  Object.fromEntries(roles.map((role) => [role.name, role.replicas]));

export const sameCounts = (a: Counts, b: Counts): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
};
