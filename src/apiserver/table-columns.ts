import { annotation } from '../api/labels.js';
import { podWord } from '../api/pod-word.js';
import { timeOfEvent } from '../api/time-of-event.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { Pod, ResourceName, Resources } from '../api/types/resources.js';
import { humanDuration } from '../lib/human-duration.js';

export interface TableColumn<T> {
  name: string;
  /** 1: only with -o wide. */
  priority?: 1;
  cell(object: T): string | number;
}

const none = '<none>';
const since = (time: string | undefined): string =>
  time === undefined ? '<unknown>' : humanDuration(Date.now() - Date.parse(time));
const list = (parts: readonly string[]): string => parts.join(',') || none;

const nameColumn = { name: 'Name', cell: (each: { metadata: { name: string } }) => each.metadata.name };
const ageColumn = {
  name: 'Age',
  cell: ({ metadata }: { metadata: { creationTimestamp?: string } }) => since(metadata.creationTimestamp),
};
const phaseColumns: readonly TableColumn<Resources['servinggroups'] | Resources['roles']>[] = [
  { name: 'Ready', cell: ({ status }) => `${status.readyPods}/${status.totalPods}` },
  { name: 'Status', cell: ({ status }) => status.phase },
  { name: 'Restarts', cell: ({ status }) => status.restarts },
  ageColumn,
  { name: 'Revision', priority: 1, cell: ({ spec }) => spec.revision },
  { name: 'Reason', cell: ({ status }) => status.reason || none },
  { name: 'Message', priority: 1, cell: ({ status }) => status.message || none },
];

/** What a person must act on comes first, then what is not as wanted yet. */
function servingWord({ metadata, status }: ModelServing): string {
  if (metadata.deletionTimestamp) return 'Terminating';
  if (metadata.annotations?.[annotation.invalidSpec] !== undefined) return 'SpecInvalid';
  const isObserved = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 1);
  const isTrue = (type: string) =>
    status?.conditions.some((each) => each.type === type && each.status === 'True') === true;
  // A status that does not know the newest spec yet says nothing about it.
  if (isObserved && isTrue('Available')) return 'Available';
  return isTrue('UpdateInProgress') ? 'UpdateInProgress' : 'Progressing';
}

const readyContainers = ({ spec, status }: Pod): string =>
  `${(status?.containerStatuses ?? []).filter((each) => each.ready).length}/${spec.containers.length}`;

const keyCount = (each: { data?: object; binaryData?: object }): number =>
  Object.keys(each.data ?? {}).length + Object.keys(each.binaryData ?? {}).length;

/** The columns that kubectl prints: kthena's for a ModelServing, Kubernetes' where it has the kind. */
export const tableColumns: { readonly [R in ResourceName]: readonly TableColumn<Resources[R]>[] } = {
  modelservings: [
    nameColumn,
    { name: 'Replicas', cell: ({ status }) => status?.replicas ?? 0 },
    { name: 'Available', cell: ({ status }) => status?.availableReplicas ?? 0 },
    { name: 'Updated', cell: ({ status }) => status?.updatedReplicas ?? 0 },
    ageColumn,
    { name: 'Desired', priority: 1, cell: ({ spec }) => spec.replicas },
    { name: 'Reason', priority: 1, cell: servingWord },
    { name: 'Revision', priority: 1, cell: ({ status }) => status?.updateRevision || none },
    { name: 'File', priority: 1, cell: ({ metadata }) => metadata.annotations?.[annotation.file] ?? none },
  ],
  pods: [
    nameColumn,
    { name: 'Ready', cell: readyContainers },
    { name: 'Status', cell: podWord },
    {
      name: 'Restarts',
      cell: ({ status }) =>
        (status?.containerStatuses ?? []).reduce((sum, each) => sum + each.restartCount, 0),
    },
    ageColumn,
    { name: 'IP', priority: 1, cell: ({ status }) => status?.podIP || none },
    { name: 'Node', priority: 1, cell: ({ spec }) => spec.nodeName ?? none },
    {
      name: 'Ports',
      priority: 1,
      cell: ({ metadata }) => metadata.annotations?.[annotation.publishedPorts] ?? none,
    },
  ],
  servinggroups: [nameColumn, ...phaseColumns],
  roles: [
    nameColumn,
    { name: 'Group', cell: ({ spec }) => spec.group },
    { name: 'Role', cell: ({ spec }) => spec.roleId },
    ...phaseColumns,
  ],
  scalingoperations: [
    nameColumn,
    { name: 'Status', cell: ({ status }) => status.phase },
    { name: 'Stages', cell: ({ status }) => status.stages.length },
    ageColumn,
    { name: 'Change', cell: ({ spec }) => spec.change },
  ],
  services: [
    nameColumn,
    { name: 'Type', cell: ({ spec }) => spec.type ?? 'ClusterIP' },
    { name: 'Cluster-IP', cell: ({ spec }) => spec.clusterIP ?? 'None' },
    { name: 'External-IP', cell: () => none },
    {
      name: 'Port(s)',
      cell: ({ spec }) => list((spec.ports ?? []).map((each) => `${each.port}/${each.protocol ?? 'TCP'}`)),
    },
    ageColumn,
  ],
  events: [
    { name: 'Last Seen', cell: (event) => since(timeOfEvent(event)) },
    { name: 'Type', cell: ({ type }) => type },
    { name: 'Reason', cell: ({ reason }) => reason },
    { name: 'Object', cell: ({ involvedObject: { kind, name } }) => `${kind.toLowerCase()}/${name}` },
    { name: 'Count', priority: 1, cell: ({ count }) => count },
    { name: 'Message', cell: ({ message }) => message },
  ],
  nodes: [
    nameColumn,
    {
      name: 'Status',
      cell: ({ status }) =>
        status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True')
          ? 'Ready'
          : 'NotReady',
    },
    ageColumn,
    {
      name: 'Container-Runtime',
      priority: 1,
      cell: ({ status }) => status?.nodeInfo?.containerRuntimeVersion || none,
    },
  ],
  namespaces: [nameColumn, { name: 'Status', cell: ({ status }) => status?.phase ?? 'Active' }, ageColumn],
  configmaps: [nameColumn, { name: 'Data', cell: keyCount }, ageColumn],
  secrets: [
    nameColumn,
    { name: 'Type', cell: ({ type }) => type },
    { name: 'Data', cell: keyCount },
    ageColumn,
  ],
  persistentvolumeclaims: [
    nameColumn,
    { name: 'Status', cell: ({ status }) => status?.phase ?? 'Pending' },
    { name: 'Volume', cell: ({ spec }) => spec.volumeName ?? '' },
    { name: 'Capacity', cell: ({ status }) => status?.capacity?.storage ?? '' },
    { name: 'Access Modes', cell: ({ spec }) => (spec.accessModes ?? []).join(',') },
    ageColumn,
  ],
  controllerrevisions: [
    nameColumn,
    {
      name: 'Controller',
      cell: ({ metadata }) =>
        list((metadata.ownerReferences ?? []).map((each) => `${each.kind.toLowerCase()}/${each.name}`)),
    },
    { name: 'Revision', cell: ({ revision }) => revision },
    ageColumn,
  ],
  modelservers: [nameColumn, ageColumn],
  modelroutes: [nameColumn, ageColumn],
  modelboosters: [nameColumn, ageColumn],
  autoscalingpolicies: [nameColumn, ageColumn],
  autoscalingpolicybindings: [nameColumn, ageColumn],
};
