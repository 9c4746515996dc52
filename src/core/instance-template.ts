import { roleTemplateHash } from '../api/revision-hash.js';
import type { RoleSpec } from '../api/types/model-serving.js';
import { rolesOf } from './templates.js';
import type { Desired, GroupRecord, InstanceObserved, Observed } from './types.js';

type Made = Pick<InstanceObserved, 'role' | 'revision' | 'templateHash'>;

/** The role that an instance was made from. Undefined when no stored template has it (the store was lost). Pure. */
export function instanceTemplate(
  desired: Desired,
  observed: Observed,
  record: GroupRecord,
  { role, revision, templateHash }: Made,
): RoleSpec | undefined {
  const roles =
    templateHash !== '' && templateHash === desired.roleHashes[role]
      ? desired.roles
      : (rolesOf(desired, observed, revision) ?? rolesOf(desired, observed, record.revision));
  return roles?.find((each) => each.name === role);
}

/**
 * Made from another template than the newest of its role, or of a role that is no more. A hash that is not known is taken from the stored
 * template of the group's revision; where that is lost too, nothing is restarted for it. Pure.
 */
export function isOutdated(
  desired: Desired,
  observed: Observed,
  record: GroupRecord,
  { role, templateHash }: Made,
): boolean {
  const stored = observed.revisions[record.revision]?.find((each) => each.name === role);
  const hash = templateHash || (stored ? roleTemplateHash(stored) : '');
  return hash !== '' && hash !== desired.roleHashes[role];
}
