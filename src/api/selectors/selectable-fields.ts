import { AppError } from '../../lib/app-error.js';
import type { AnyResource, KubeEvent, Namespace, Node, Pod, ResourceName } from '../types/resources.js';

type Fields<T> = Readonly<Record<string, (object: T) => string | undefined>>;

const named = (object: AnyResource) => object.metadata.name;
const everywhere: Fields<AnyResource> = {
  'metadata.name': named,
  'metadata.namespace': ({ metadata }) => metadata.namespace,
};
const withoutNamespace: Fields<AnyResource> = { 'metadata.name': named };

const podFields: Fields<Pod> = {
  'spec.nodeName': ({ spec }) => spec.nodeName,
  'spec.restartPolicy': ({ spec }) => spec.restartPolicy ?? 'Always',
  'spec.schedulerName': ({ spec }) => spec.schedulerName ?? 'default-scheduler',
  'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName,
  'spec.hostNetwork': ({ spec }) => String(spec.hostNetwork ?? false),
  'status.phase': ({ status }) => status?.phase ?? 'Pending',
  'status.podIP': ({ status }) => status?.podIP,
  'status.nominatedNodeName': ({ status }) => status?.nominatedNodeName,
};

const about = (field: string) => (event: KubeEvent) =>
  (event.involvedObject as Readonly<Record<string, string | undefined>>)[field];
const eventFields: Fields<KubeEvent> = {
  ...Object.fromEntries(
    ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => [
      `involvedObject.${field}`,
      about(field),
    ]),
  ),
  reason: ({ reason }) => reason,
  type: ({ type }) => type,
  source: ({ source }) => source.component,
  reportingComponent: ({ source }) => source.component,
};

const phase = ({ status }: { status: { phase: string } }) => status.phase;
const ofServing = ({ spec }: { spec: { modelServing: string } }) => spec.modelServing;
const ourFields = { 'spec.modelServing': ofServing, 'status.phase': phase };

/** What may be selected by, beside name and namespace: what Kubernetes has for its kinds, and where ours belong and stand. */
const fieldsOf = {
  pods: podFields,
  events: eventFields,
  nodes: { 'spec.unschedulable': ({ spec }: Node) => String(spec.unschedulable ?? false) },
  namespaces: { 'status.phase': ({ status }: Namespace) => status?.phase ?? 'Active' },
  services: {
    'spec.clusterIP': ({ spec }: { spec: { clusterIP?: string } }) => spec.clusterIP,
    'spec.type': ({ spec }: { spec: { type?: string } }) => spec.type ?? 'ClusterIP',
  },
  secrets: { type: ({ type }: { type: string }) => type },
  servinggroups: ourFields,
  roles: ourFields,
  scalingoperations: ourFields,
} as Readonly<Partial<Record<ResourceName, Fields<AnyResource>>>>;

/** Other names that clients use: an older one of Pods, and those of events.k8s.io. */
const otherNames: Readonly<Partial<Record<ResourceName, (field: string) => string>>> = {
  pods: (field) => (field === 'spec.host' ? 'spec.nodeName' : field),
  events: (field) =>
    field === 'reportingController' ? 'reportingComponent' : field.replace(/^regarding\./, 'involvedObject.'),
};

/** How a field of a kind is read. Throws Usage for one that Kubernetes does not select by. Pure. */
export function selectableField(
  resource: ResourceName,
  field: string,
): (object: AnyResource) => string | undefined {
  const common = resource === 'nodes' || resource === 'namespaces' ? withoutNamespace : everywhere;
  const own = fieldsOf[resource];
  const fields = { ...common, ...own };
  const name = otherNames[resource]?.(field) ?? field;
  const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (read) return read;
  throw new AppError('Usage', `field label not supported: ${field}`, {
    hint: `${resource} are selected by ${Object.keys(fields).join(', ')}`,
  });
}
