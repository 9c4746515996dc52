import type { Container, EnvVar } from 'kubernetes-types/core/v1.js';
import { label } from './labels.js';
import { groupName, podName, roleId } from './names.js';
import type { RoleSpec } from './types/model-serving.js';
import type { Pod } from './types/resources.js';

/** Which pod of a ModelServing: podIndex 0 is the entry pod, 1…workerReplicas are workers. */
export interface PodPlace {
  modelServing: { name: string; namespace: string; uid: string };
  group: number;
  role: RoleSpec;
  roleOrdinal: number;
  podIndex: number;
  revision: string;
  roleTemplateHash: string;
}

/**
 * The Pod that kthena makes for a place: the template with our labels (ours win) and GROUP_SIZE, ENTRY_ADDRESS and WORKER_INDEX
 * appended to every container and init container; the user's variables of those names are dropped. Pure.
 */
export function generatePod(place: PodPlace): Pod {
  const { modelServing, role, podIndex } = place;
  const group = groupName(modelServing.name, place.group);
  const id = roleId(role.name, place.roleOrdinal);
  const template = (podIndex > 0 && role.workerTemplate) || role.entryTemplate;
  const ours: EnvVar[] = [
    { name: 'GROUP_SIZE', value: String(role.workerReplicas + 1) },
    { name: 'ENTRY_ADDRESS', value: `${podName(group, id, 0)}.${modelServing.namespace}` },
    { name: 'WORKER_INDEX', value: String(podIndex) },
  ];
  const names = new Set(ours.map((variable) => variable.name));
  const withEnv = (container: Container): Container => ({
    ...container,
    env: [...(container.env ?? []).filter((variable) => !names.has(variable.name)), ...ours],
  });
  const spec = template.spec ?? { containers: [] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(group, id, podIndex),
      namespace: modelServing.namespace,
      labels: {
        ...template.metadata?.labels,
        [label.modelServing]: modelServing.name,
        [label.group]: group,
        [label.role]: role.name,
        [label.roleId]: id,
        [label.revision]: place.revision,
        [label.roleTemplateHash]: place.roleTemplateHash,
        ...(podIndex === 0 ? { [label.entry]: 'true' } : {}),
      },
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ownerReferences: [
        {
          apiVersion: 'workload.serving.volcano.sh/v1alpha1',
          kind: 'ModelServing',
          name: modelServing.name,
          uid: modelServing.uid,
          controller: true,
        },
      ],
    },
    spec: {
      ...spec,
      containers: spec.containers.map(withEnv),
      ...(spec.initContainers ? { initContainers: spec.initContainers.map(withEnv) } : {}),
    },
  };
}
