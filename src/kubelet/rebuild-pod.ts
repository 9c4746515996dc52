import { generatePod } from '../api/generate-pod.js';
import { annotation, label, ownerLabel } from '../api/labels.js';
import { revisionName } from '../api/names.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { Pod } from '../api/types/resources.js';
import { secondsText } from '../lib/time-text.js';
import type { ObjectStore } from '../store/object-store.js';
import type { ContainerDetails } from './engine.js';
import { sandboxContainerName } from './map/needs-sandbox.js';
import { containerOf } from './pod-state.js';

const ownKeys = new Set<string>(Object.values(ownerLabel));

/**
 * The Pod that these containers were made for, under its old uid: from the stored template of its revision, or, where that is lost, as
 * much as the containers show.
 */
export function rebuildPod(
  store: ObjectStore,
  owner: ModelServing,
  containers: readonly ContainerDetails[],
): Pod {
  const labels = containers[0]?.labels ?? {};
  const namespace = labels[ownerLabel.namespace] ?? '';
  const modelServing = labels[label.modelServing] ?? '';
  const revision = labels[label.revision] ?? '';
  const roleName = labels[label.role] ?? '';
  const role = store
    .get('controllerrevisions', namespace, revisionName(modelServing, revision))
    ?.data.roles.find((r) => r.name === roleName);
  const created = Math.min(
    ...containers.flatMap((c) => (c.startedAtMs === undefined ? [] : [c.startedAtMs])),
  );
  const identity = {
    uid: labels[ownerLabel.podUid] ?? '',
    ...(Number.isFinite(created) ? { creationTimestamp: secondsText(created) } : {}),
  };
  const gpus = containers.map((each) => each.labels[ownerLabel.podGpus]).find(Boolean);
  const given = gpus === undefined ? undefined : { [annotation.gpus]: gpus };
  if (role) {
    const pod = generatePod({
      modelServing: { name: modelServing, namespace, uid: owner.metadata.uid ?? '' },
      group: Number((labels[label.group] ?? '').slice(modelServing.length + 1)),
      role,
      roleOrdinal: Number((labels[label.roleId] ?? '').slice(roleName.length + 1)),
      podIndex: Number(labels[ownerLabel.podIndex] ?? 0),
      revision,
      roleTemplateHash: labels[label.roleTemplateHash] ?? '',
    });
    return {
      ...pod,
      metadata: {
        ...pod.metadata,
        ...identity,
        ...(given && { annotations: { ...pod.metadata.annotations, ...given } }),
      },
      spec: { ...pod.spec, nodeName: 'minithena' },
    };
  }
  const shown = new Map(
    containers.filter((c) => containerOf(c) !== sandboxContainerName).map((c) => [containerOf(c), c.image]),
  );
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: labels[ownerLabel.podName] ?? '',
      namespace,
      ...identity,
      ...(given && { annotations: given }),
      labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !ownKeys.has(key))),
      ownerReferences: [
        {
          apiVersion: owner.apiVersion,
          kind: owner.kind,
          name: owner.metadata.name,
          uid: owner.metadata.uid ?? '',
          controller: true,
        },
      ],
    },
    spec: { nodeName: 'minithena', containers: [...shown].map(([name, image]) => ({ name, image })) },
  };
}
