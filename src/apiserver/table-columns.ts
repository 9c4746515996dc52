import { annotation } from '../api/labels.js';
import { podWord } from '../api/pod-word.js';
import { timeOfEvent } from '../api/time-of-event.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { AnyResource, Pod, ResourceName, Resources } from '../api/types/resources.js';
import { humanDuration } from '../lib/human-duration.js';

export interface TableColumn<T> {
  name: string;
  /** 1: only with -o wide. */
  priority?: 1;
  /** Absent: string. */
  type?: 'integer' | 'date';
  description?: string;
  cell(object: T, rules: Rules): string | number;
}
/** Those in force where a ModelServing says nothing. */
export type Rules = 'ordinal' | 'upstream';

const none = '<none>';
const since = (time: string | undefined): string =>
  time === undefined ? '<unknown>' : humanDuration(Date.now() - Date.parse(time));
const list = (parts: readonly string[]): string => parts.join(',') || none;

const nameColumn = {
  name: 'Name',
  description: 'Unique in its namespace.',
  cell: (each: { metadata: { name: string } }) => each.metadata.name,
};
const ageColumn = {
  name: 'Age',
  description: 'The time since its creation.',
  cell: ({ metadata }: { metadata: { creationTimestamp?: string } }) => since(metadata.creationTimestamp),
};
/** Of kinds that a definition describes, which say what the cell is made of. */
const dateColumn = { ...ageColumn, type: 'date' as const };
const phaseColumns: readonly TableColumn<Resources['servinggroups'] | Resources['roles']>[] = [
  { name: 'Ready', cell: ({ status }) => `${status.readyPods}/${status.totalPods}` },
  { name: 'Status', cell: ({ status }) => status.phase },
  { name: 'Restarts', cell: ({ status }) => status.restarts, type: 'integer' },
  dateColumn,
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

/** As Kubernetes: the number alone, or `2 (60s ago)`. */
function restarts({ status }: Pod): string {
  const all = status?.containerStatuses ?? [];
  const count = all.reduce((sum, each) => sum + each.restartCount, 0);
  const last = all
    .map((each) => each.lastState?.terminated?.finishedAt ?? '')
    .sort()
    .at(-1);
  return count > 0 && last ? `${count} (${since(last)} ago)` : String(count);
}

const keyCount = (each: { data?: object; binaryData?: object }): number =>
  Object.keys(each.data ?? {}).length + Object.keys(each.binaryData ?? {}).length;

const addressOf = (status: Resources['nodes']['status'], wanted: string): string =>
  status?.addresses?.find(({ type }) => type === wanted)?.address ?? none;

/** The columns that kubectl prints: kthena's for a ModelServing, Kubernetes' where it has the kind. */
export const tableColumns: { readonly [R in ResourceName]: readonly TableColumn<Resources[R]>[] } & {
  readonly customresourcedefinitions: readonly TableColumn<AnyResource>[];
} = {
  modelservings: [
    nameColumn,
    {
      name: 'Replicas',
      type: 'integer',
      description: 'ServingGroups that there are.',
      cell: ({ status }) => status?.replicas ?? 0,
    },
    {
      name: 'Available',
      type: 'integer',
      description: 'ServingGroups of which every pod is ready.',
      cell: ({ status }) => status?.availableReplicas ?? 0,
    },
    {
      name: 'Updated',
      type: 'integer',
      description: 'ServingGroups of the newest template.',
      cell: ({ status }) => status?.updatedReplicas ?? 0,
    },
    dateColumn,
    {
      name: 'Desired',
      priority: 1,
      type: 'integer',
      description: 'ServingGroups that are wanted.',
      cell: ({ spec }) => spec.replicas,
    },
    { name: 'Revision', priority: 1, cell: ({ status }) => status?.updateRevision || none },
    {
      name: 'Rules',
      priority: 1,
      description: 'How it is scaled: one ordinal after another, or all in one pass.',
      cell: ({ metadata }, rules) => {
        const own = metadata.annotations?.[annotation.rules];
        return own === 'ordinal' || own === 'upstream' ? own : rules;
      },
    },
    { name: 'Reason', priority: 1, cell: servingWord },
    { name: 'File', priority: 1, cell: ({ metadata }) => metadata.annotations?.[annotation.file] ?? none },
  ],
  pods: [
    nameColumn,
    { name: 'Ready', cell: readyContainers },
    { name: 'Status', cell: podWord },
    {
      name: 'Restarts',
      description: 'Of all its containers together, and how long ago the last was.',
      cell: restarts,
    },
    ageColumn,
    { name: 'IP', priority: 1, cell: ({ status }) => status?.podIP || none },
    { name: 'Node', priority: 1, cell: ({ spec }) => spec.nodeName ?? none },
    {
      name: 'Ports',
      priority: 1,
      cell: ({ metadata }) => metadata.annotations?.[annotation.publishedPorts] ?? none,
    },
    {
      name: 'Readiness Gates',
      priority: 1,
      cell: ({ spec, status }) => {
        const gates = spec.readinessGates ?? [];
        const passed = gates.filter(({ conditionType }) =>
          status?.conditions?.some((each) => each.type === conditionType && each.status === 'True'),
        );
        return gates.length === 0 ? none : `${passed.length}/${gates.length}`;
      },
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
    { name: 'Stages', cell: ({ status }) => status.stages.length, type: 'integer' },
    dateColumn,
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
    {
      name: 'Selector',
      priority: 1,
      cell: ({ spec }) => list(Object.entries(spec.selector ?? {}).map(([key, value]) => `${key}=${value}`)),
    },
  ],
  events: [
    { name: 'Last Seen', cell: (event) => since(timeOfEvent(event)) },
    { name: 'Type', cell: ({ type }) => type },
    { name: 'Reason', cell: ({ reason }) => reason },
    { name: 'Object', cell: ({ involvedObject: { kind, name } }) => `${kind.toLowerCase()}/${name}` },
    { name: 'Count', priority: 1, type: 'integer', cell: ({ count }) => count },
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
    { name: 'Roles', cell: () => none },
    ageColumn,
    { name: 'Version', cell: ({ status }) => status?.nodeInfo?.kubeletVersion || none },
    { name: 'Internal-IP', priority: 1, cell: ({ status }) => addressOf(status, 'InternalIP') },
    { name: 'External-IP', priority: 1, cell: ({ status }) => addressOf(status, 'ExternalIP') },
    { name: 'OS-Image', priority: 1, cell: ({ status }) => status?.nodeInfo?.osImage || '<unknown>' },
    {
      name: 'Kernel-Version',
      priority: 1,
      cell: ({ status }) => status?.nodeInfo?.kernelVersion || '<unknown>',
    },
    {
      name: 'Container-Runtime',
      priority: 1,
      cell: ({ status }) => status?.nodeInfo?.containerRuntimeVersion || none,
    },
  ],
  namespaces: [nameColumn, { name: 'Status', cell: ({ status }) => status?.phase ?? 'Active' }, ageColumn],
  configmaps: [nameColumn, { name: 'Data', type: 'integer', cell: keyCount }, ageColumn],
  secrets: [
    nameColumn,
    { name: 'Type', cell: ({ type }) => type },
    { name: 'Data', type: 'integer', cell: keyCount },
    ageColumn,
  ],
  persistentvolumeclaims: [
    nameColumn,
    { name: 'Status', cell: ({ status }) => status?.phase ?? 'Pending' },
    { name: 'Volume', cell: ({ spec }) => spec.volumeName ?? '' },
    { name: 'Capacity', cell: ({ status }) => status?.capacity?.storage ?? '' },
    { name: 'Access Modes', cell: ({ spec }) => (spec.accessModes ?? []).join(',') },
    { name: 'StorageClass', cell: ({ spec }) => spec.storageClassName ?? '' },
    ageColumn,
    { name: 'VolumeMode', priority: 1, cell: ({ spec }) => spec.volumeMode ?? 'Filesystem' },
  ],
  controllerrevisions: [
    nameColumn,
    {
      name: 'Controller',
      cell: ({ metadata }) =>
        list(
          (metadata.ownerReferences ?? [])
            .filter(({ controller }) => controller === true)
            .map(({ apiVersion, kind, name }) => {
              const [group, version] = apiVersion.split('/');
              return `${kind.toLowerCase()}${version === undefined ? '' : `.${group}`}/${name}`;
            }),
        ),
    },
    { name: 'Revision', type: 'integer', cell: ({ revision }) => revision },
    ageColumn,
  ],
  customresourcedefinitions: [
    nameColumn,
    {
      name: 'Created At',
      type: 'date',
      cell: ({ metadata }) => metadata.creationTimestamp ?? '<unknown>',
    },
  ],
  modelservers: [nameColumn, dateColumn],
  modelroutes: [nameColumn, dateColumn],
  modelboosters: [nameColumn, dateColumn],
  autoscalingpolicies: [nameColumn, dateColumn],
  autoscalingpolicybindings: [nameColumn, dateColumn],
};
