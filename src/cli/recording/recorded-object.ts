import type { ModelServing } from '../../api/types/model-serving.js';
import type { ObjectMeta } from '../../api/types/object-meta.js';
import type { KubeEvent, Node, Pod, Resources } from '../../api/types/resources.js';
import type { RecordedResource } from './recording-format.js';

type Container = Pod['spec']['containers'][number];

/** What a recording keeps of an object: named field by field, so that what a later version adds stays out of it. Pure. */
export function recordedObject<K extends RecordedResource>(resource: K, object: Resources[K]): Resources[K] {
  return (keep[resource] as unknown as (object: Resources[K]) => Resources[K])(object);
}

const keep: { readonly [K in RecordedResource]: (object: Resources[K]) => Resources[K] } = {
  nodes: ({ apiVersion, kind, metadata, spec, status }: Node) => ({
    apiVersion,
    kind,
    metadata: metaOf(metadata),
    spec: { ...(spec.unschedulable !== undefined && { unschedulable: spec.unschedulable }) },
    status: {
      ...(status?.conditions && { conditions: status.conditions }),
      ...(status?.capacity && { capacity: status.capacity }),
    },
  }),
  modelservings: ({ apiVersion, kind, metadata, spec, status }: ModelServing) => ({
    apiVersion,
    kind,
    metadata: metaOf(metadata),
    spec: {
      replicas: spec.replicas,
      recoveryPolicy: spec.recoveryPolicy,
      rolloutStrategy: spec.rolloutStrategy,
      template: {
        restartGracePeriodSeconds: spec.template.restartGracePeriodSeconds,
        roles: spec.template.roles.map((role) => ({
          name: role.name,
          replicas: role.replicas,
          workerReplicas: role.workerReplicas,
          ...(role.maxUnavailable !== undefined && { maxUnavailable: role.maxUnavailable }),
          ...(role.partition !== undefined && { partition: role.partition }),
          entryTemplate: {},
        })),
      },
    },
    ...(status && { status }),
  }),
  servinggroups: (group) => ({ ...group, metadata: metaOf(group.metadata) }),
  roles: (role) => ({ ...role, metadata: metaOf(role.metadata) }),
  pods: ({ apiVersion, kind, metadata, spec, status }: Pod) => ({
    apiVersion,
    kind,
    metadata: metaOf(metadata),
    spec: {
      ...(spec.nodeName !== undefined && { nodeName: spec.nodeName }),
      containers: spec.containers.map(containerOf),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(containerOf) }),
    },
    ...(status && { status }),
  }),
  // Whole: `replay -o json` is what `get operations -o json` was.
  scalingoperations: (operation) => operation,
  events: ({ metadata, ...event }: KubeEvent) => ({ ...event, metadata: metaOf(metadata) }),
};

const containerOf = ({ name, image, ports, restartPolicy }: Container): Container => ({
  name,
  ...(image !== undefined && { image }),
  ...(ports && { ports }),
  ...(restartPolicy !== undefined && { restartPolicy }),
});

/** Annotations of others may hold whole objects, as kubectl's last-applied-configuration does: ours and kthena's only. */
function metaOf(metadata: ObjectMeta): ObjectMeta {
  const { name, namespace, uid, generation, creationTimestamp, deletionTimestamp } = metadata;
  return {
    name,
    namespace,
    ...(uid !== undefined && { uid }),
    ...(generation !== undefined && { generation }),
    ...(creationTimestamp !== undefined && { creationTimestamp }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...(metadata.labels && { labels: oursOf(metadata.labels) }),
    ...(metadata.annotations && { annotations: oursOf(metadata.annotations) }),
  };
}

const oursOf = (map: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(map).filter(([key]) => /^(minithena\.dev|modelserving\.volcano\.sh)\//.test(key)),
  );
