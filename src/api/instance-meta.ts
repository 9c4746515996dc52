import { label } from './labels.js';
import { groupName, podName, roleId } from './names.js';
import type { RoleSpec } from './types/model-serving.js';
import type { ObjectMeta } from './types/object-meta.js';

/** Which role instance of which ModelServing an object is made for. */
export interface InstanceIdentity {
  readonly modelServing: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly group: number;
  readonly role: RoleSpec;
  readonly roleOrdinal: number;
  readonly revision: string;
  readonly roleTemplateHash: string;
}

export const entryPodName = (of: InstanceIdentity): string =>
  podName(groupName(of.modelServing.name, of.group), roleId(of.role.name, of.roleOrdinal), 0);

/** The labels that the Pods and the Service of one instance have in common. */
export const instanceLabels = (of: InstanceIdentity): Record<string, string> => ({
  [label.modelServing]: of.modelServing.name,
  [label.group]: groupName(of.modelServing.name, of.group),
  [label.role]: of.role.name,
  [label.roleId]: roleId(of.role.name, of.roleOrdinal),
});

export const ownerReferences = (of: InstanceIdentity): NonNullable<ObjectMeta['ownerReferences']> => [
  {
    apiVersion: 'workload.serving.volcano.sh/v1alpha1',
    kind: 'ModelServing',
    name: of.modelServing.name,
    uid: of.modelServing.uid,
    controller: true,
    blockOwnerDeletion: true,
  },
];
