import { label } from '../../api/labels.js';
import { podSummary } from '../../api/pod-summary.js';
import { timeOfEvent } from '../../api/time-of-event.js';
import type {
  GroupStatus,
  InstanceStatus,
  KubeEvent,
  ResourceName,
  Resources,
} from '../../api/types/resources.js';
import { humanDuration } from '../../lib/human-duration.js';
import type { Level } from '../output.js';
import { ageColumn, type Column, nameColumn, orNone, since } from './column.js';
import { fileAnnotation, servingSummary } from './serving-summary.js';

type Columns = { readonly [K in ResourceName]: readonly Column<Resources[K]>[] };

export const phaseLevel = (phase: GroupStatus | InstanceStatus): Level =>
  phase === 'Running' ? 'good' : 'busy';

export const objectOf = ({ involvedObject }: KubeEvent): string =>
  `${involvedObject.kind.toLowerCase()}/${involvedObject.name}`;

const reasonColumns: readonly Column<{ status: { reason: string; message: string } }>[] = [
  { header: 'REASON', cell: ({ status }) => orNone(status.reason) },
  { header: 'MESSAGE', wide: true, cell: ({ status }) => orNone(status.message) },
];
const readyColumns: readonly Column<Resources['servinggroups'] | Resources['roles']>[] = [
  { header: 'READY', cell: ({ status }) => `${status.readyPods}/${status.totalPods}` },
  {
    header: 'STATUS',
    cell: ({ status }, { painter }) => painter.status(phaseLevel(status.phase), status.phase),
  },
  { header: 'RESTARTS', cell: ({ status }) => String(status.restarts) },
];

const keyCountColumn: Column<{ data?: object; binaryData?: object }> = {
  header: 'DATA',
  cell: ({ data, binaryData }) =>
    String(Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length),
};

/** What `get` shows of every kind: kubectl's columns where kubectl has the kind. */
export const columns: Columns = {
  modelservings: [
    nameColumn,
    { header: 'READY', cell: ({ spec, status }) => `${status?.availableReplicas ?? 0}/${spec.replicas}` },
    {
      header: 'STATUS',
      cell(serving, { painter }) {
        const { level, word } = servingSummary(serving);
        return painter.status(level, word);
      },
    },
    { header: 'UP-TO-DATE', cell: ({ status }) => String(status?.updatedReplicas ?? 0) },
    {
      header: 'ROLES',
      cell: ({ spec }) => spec.template.roles.map((role) => `${role.name}=${role.replicas}`).join(','),
    },
    ageColumn,
    { header: 'REVISION', wide: true, cell: ({ status }) => orNone(status?.updateRevision) },
    { header: 'FILE', wide: true, cell: ({ metadata }) => orNone(metadata.annotations?.[fileAnnotation]) },
  ],
  servinggroups: [
    nameColumn,
    ...readyColumns,
    ageColumn,
    { header: 'REVISION', wide: true, cell: ({ spec }) => orNone(spec.revision) },
    {
      header: 'COUNTS',
      wide: true,
      cell: ({ spec }) =>
        Object.entries(spec.counts)
          .map(([role, count]) => `${role}=${count}`)
          .join(','),
    },
    ...reasonColumns,
  ],
  roles: [
    nameColumn,
    { header: 'GROUP', cell: ({ spec }) => spec.group },
    { header: 'ROLE', cell: ({ spec }) => spec.roleId },
    ...readyColumns,
    ageColumn,
    { header: 'REVISION', wide: true, cell: ({ spec }) => orNone(spec.revision) },
    ...reasonColumns,
  ],
  pods: [
    nameColumn,
    {
      header: 'READY',
      cell(pod) {
        const { ready, total } = podSummary(pod);
        return `${ready}/${total}`;
      },
    },
    {
      header: 'STATUS',
      cell(pod, { painter }) {
        const { level, word } = podSummary(pod);
        return painter.status(level, word);
      },
    },
    {
      header: 'RESTARTS',
      cell(pod, { nowMs }) {
        const { restarts, lastRestartAt } = podSummary(pod);
        return lastRestartAt ? `${restarts} (${since(lastRestartAt, nowMs)} ago)` : String(restarts);
      },
    },
    ageColumn,
    { header: 'IP', wide: true, cell: ({ status }) => orNone(status?.podIP) },
    { header: 'NODE', wide: true, cell: ({ spec }) => orNone(spec.nodeName) },
    {
      header: 'PORTS',
      wide: true,
      cell: ({ metadata }) => orNone(metadata.annotations?.['minithena.dev/published-ports']),
    },
    { header: 'ROLE', wide: true, cell: ({ metadata }) => orNone(metadata.labels?.[label.roleId]) },
    { header: 'REVISION', wide: true, cell: ({ metadata }) => orNone(metadata.labels?.[label.revision]) },
  ],
  services: [
    nameColumn,
    { header: 'TYPE', cell: ({ spec }) => spec.type ?? 'ClusterIP' },
    { header: 'CLUSTER-IP', cell: ({ spec }) => spec.clusterIP ?? 'None' },
    { header: 'EXTERNAL-IP', cell: () => '<none>' },
    {
      header: 'PORT(S)',
      cell: ({ spec }) =>
        orNone((spec.ports ?? []).map((each) => `${each.port}/${each.protocol ?? 'TCP'}`).join(',')),
    },
    ageColumn,
    {
      header: 'SELECTOR',
      wide: true,
      cell: ({ spec }) =>
        orNone(
          Object.entries(spec.selector ?? {})
            .map(([key, value]) => `${key}=${value}`)
            .join(','),
        ),
    },
  ],
  events: [
    { header: 'LAST SEEN', cell: (event, { nowMs }) => lastSeen(event, nowMs) },
    { header: 'TYPE', cell: ({ type }, { painter }) => (type === 'Warning' ? painter.bad(type) : type) },
    { header: 'REASON', cell: ({ reason }) => reason },
    { header: 'OBJECT', cell: objectOf },
    { header: 'SOURCE', wide: true, cell: ({ source }) => source.component },
    { header: 'COUNT', wide: true, cell: ({ count }) => String(count) },
    { header: 'MESSAGE', cell: ({ message }) => message },
  ],
  scalingoperations: [
    nameColumn,
    {
      header: 'STATUS',
      cell: ({ status }, { painter }) =>
        painter.status(status.phase === 'Running' ? 'busy' : 'good', status.phase),
    },
    { header: 'STAGES', cell: ({ status }) => String(status.stages.length) },
    {
      header: 'DURATION',
      cell: ({ status }, { nowMs }) =>
        humanDuration(
          (status.completedAt ? Date.parse(status.completedAt) : nowMs) - Date.parse(status.startedAt),
        ),
    },
    ageColumn,
    { header: 'CHANGE', cell: ({ spec }) => spec.change },
    {
      header: 'WAITING FOR',
      wide: true,
      cell: ({ status }) =>
        orNone(status.holds.map((hold) => `${hold.subject} ${hold.reason}`.trim()).join(', ')),
    },
  ],
  nodes: [
    nameColumn,
    {
      header: 'STATUS',
      cell({ status }, { painter }) {
        const ready = status?.conditions?.find((each) => each.type === 'Ready')?.status === 'True';
        return painter.status(ready ? 'good' : 'bad', ready ? 'Ready' : 'NotReady');
      },
    },
    { header: 'ROLES', cell: () => '<none>' },
    ageColumn,
    { header: 'VERSION', cell: ({ status }) => orNone(status?.nodeInfo?.kubeletVersion) },
    {
      header: 'CONTAINER-RUNTIME',
      wide: true,
      cell: ({ status }) => orNone(status?.nodeInfo?.containerRuntimeVersion),
    },
  ],
  namespaces: [nameColumn, { header: 'STATUS', cell: ({ status }) => status?.phase ?? 'Active' }, ageColumn],
  configmaps: [nameColumn, keyCountColumn, ageColumn],
  secrets: [nameColumn, { header: 'TYPE', cell: ({ type }) => type }, keyCountColumn, ageColumn],
  persistentvolumeclaims: [
    nameColumn,
    { header: 'STATUS', cell: ({ status }) => status?.phase ?? 'Pending' },
    { header: 'VOLUME', cell: ({ spec }) => spec.volumeName ?? '' },
    { header: 'CAPACITY', cell: ({ status }) => status?.capacity?.storage ?? '' },
    { header: 'ACCESS MODES', cell: ({ spec }) => (spec.accessModes ?? []).join(',') },
    ageColumn,
  ],
  controllerrevisions: [
    nameColumn,
    {
      header: 'CONTROLLER',
      cell: ({ metadata }) =>
        orNone(metadata.ownerReferences?.map((each) => `${each.kind.toLowerCase()}/${each.name}`)[0]),
    },
    { header: 'REVISION', cell: ({ revision }) => String(revision) },
    ageColumn,
  ],
  modelservers: [nameColumn, ageColumn],
  modelroutes: [nameColumn, ageColumn],
  modelboosters: [nameColumn, ageColumn],
  autoscalingpolicies: [nameColumn, ageColumn],
  autoscalingpolicybindings: [nameColumn, ageColumn],
};

function lastSeen(event: KubeEvent, nowMs: number): string {
  const last = since(timeOfEvent(event), nowMs);
  return event.count > 1 ? `${last} (x${event.count} over ${since(event.firstTimestamp, nowMs)})` : last;
}
