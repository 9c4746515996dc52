import { groupName, podName, roleId } from '../api/names.js';
import { roleTemplateHash } from '../api/revision-hash.js';
import { rolesOf } from './templates.js';
import type { Desired, InstanceObserved, Observed, PodObserved } from './types.js';

/** A role instance whose making has just begun: all of its pods are to come. */
export function newInstance(
  desired: Desired,
  observed: Observed,
  of: { group: number; role: string; ordinal: number; revision: string },
): InstanceObserved {
  const { role, ordinal, revision } = of;
  const template = rolesOf(desired, observed, revision)?.find((each) => each.name === role);
  const id = roleId(role, ordinal);
  const pods = Array.from({ length: 1 + (template?.workerReplicas ?? 0) }, (_, index) =>
    newPod(podName(groupName(desired.name, of.group), id, index), index),
  );
  const current = revision === desired.revision ? desired.roleHashes[role] : undefined;
  const templateHash = current ?? (template ? roleTemplateHash(template) : '');
  return { role, ordinal, roleId: id, revision, templateHash, pods, services: 0, lost: [] };
}

/** Its uid is not known before the store has given one. */
export const newPod = (name: string, index: number): PodObserved => ({
  index,
  name,
  uid: '',
  phase: 'Pending',
  ready: false,
  deleting: false,
  restarts: 0,
  deletionCost: 0,
});
