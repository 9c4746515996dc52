import { annotation } from '../api/labels.js';
import type { AnyResource, Pod, ResourceName, Resources } from '../api/types/resources.js';
import { humanDuration } from '../lib/human-duration.js';

interface TableColumn<T> {
  name: string;
  /** 1 only with -o wide. */
  priority?: 1;
  cell(object: T): string | number;
}

const age = ({ metadata }: { metadata: { creationTimestamp?: string } }): string =>
  metadata.creationTimestamp === undefined
    ? '<unknown>'
    : humanDuration(Date.now() - Date.parse(metadata.creationTimestamp));
const nameColumn = { name: 'Name', cell: (each: { metadata: { name: string } }) => each.metadata.name };
const ageColumn = { name: 'Age', cell: age };

const restartsOf = (pod: Pod): number =>
  (pod.status?.containerStatuses ?? []).reduce((sum, each) => sum + each.restartCount, 0);

/** The one word for a Pod's state that kubectl shows: the most telling reason there is. */
function podWord(pod: Pod): string {
  if (pod.metadata.deletionTimestamp) return 'Terminating';
  for (const { state } of [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ]) {
    const reason = state?.waiting?.reason;
    if (reason && reason !== 'PodInitializing') return reason;
    if (state?.terminated && pod.status?.phase !== 'Succeeded' && state.terminated.exitCode !== 0) {
      return state.terminated.reason ?? 'Error';
    }
  }
  return pod.status?.reason ?? pod.status?.phase ?? 'Pending';
}

const phaseColumns: TableColumn<Resources['servinggroups'] | Resources['roles']>[] = [
  { name: 'Ready', cell: ({ status }) => `${status.readyPods}/${status.totalPods}` },
  { name: 'Status', cell: ({ status }) => status.phase },
  { name: 'Reason', cell: ({ status }) => status.reason },
  { name: 'Restarts', cell: ({ status }) => status.restarts },
];

const columns: { [R in ResourceName]: TableColumn<Resources[R]>[] } = {
  modelservings: [
    nameColumn,
    { name: 'Ready', cell: ({ spec, status }) => `${status?.availableReplicas ?? 0}/${spec.replicas}` },
    { name: 'Updated', cell: ({ status }) => status?.updatedReplicas ?? 0 },
    {
      name: 'Status',
      cell: ({ status }) => status?.conditions.find((each) => each.status === 'True')?.type ?? 'Unknown',
    },
    ageColumn,
  ],
  pods: [
    nameColumn,
    {
      name: 'Ready',
      cell: ({ spec, status }) =>
        `${(status?.containerStatuses ?? []).filter((each) => each.ready).length}/${spec.containers.length}`,
    },
    { name: 'Status', cell: podWord },
    { name: 'Restarts', cell: restartsOf },
    ageColumn,
    { name: 'IP', priority: 1, cell: ({ status }) => status?.podIP ?? '<none>' },
    { name: 'Node', priority: 1, cell: ({ spec }) => spec.nodeName ?? '<none>' },
    {
      name: 'Published',
      priority: 1,
      cell: ({ metadata }) => metadata.annotations?.[annotation.publishedPorts] ?? '<none>',
    },
  ],
  servinggroups: [nameColumn, ...phaseColumns, ageColumn],
  roles: [nameColumn, ...phaseColumns, ageColumn],
  scalingoperations: [
    nameColumn,
    { name: 'Change', cell: ({ spec }) => spec.change },
    { name: 'Phase', cell: ({ status }) => status.phase },
    { name: 'Stages', cell: ({ status }) => status.stages.length },
    ageColumn,
  ],
  services: [nameColumn, { name: 'Cluster-IP', cell: ({ spec }) => spec.clusterIP ?? '<none>' }, ageColumn],
  events: [
    { name: 'Last Seen', cell: ({ lastTimestamp }) => humanDuration(Date.now() - Date.parse(lastTimestamp)) },
    { name: 'Type', cell: ({ type }) => type },
    { name: 'Reason', cell: ({ reason }) => reason },
    {
      name: 'Object',
      cell: ({ involvedObject }) => `${involvedObject.kind.toLowerCase()}/${involvedObject.name}`,
    },
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
      cell: ({ status }) => status?.nodeInfo?.containerRuntimeVersion ?? '',
    },
  ],
  namespaces: [nameColumn, { name: 'Status', cell: () => 'Active' }, ageColumn],
  controllerrevisions: [nameColumn, { name: 'Revision', cell: ({ revision }) => revision }, ageColumn],
};

/** Objects as the server-side table that kubectl prints. `withColumns` is false for all but the first piece of a watch. */
export function tableOf(
  resource: ResourceName,
  items: readonly AnyResource[],
  resourceVersion: string,
): object {
  const own = columns[resource] as TableColumn<AnyResource>[];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion },
    columnDefinitions: own.map(({ name, priority = 0 }) => ({
      name,
      type: 'string',
      format: '',
      description: '',
      priority,
    })),
    rows: items.map((item) => ({
      cells: own.map((column) => column.cell(item)),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item.metadata },
    })),
  };
}

export const wantsTable = (accept: string | undefined): boolean => accept?.includes('as=Table') === true;
