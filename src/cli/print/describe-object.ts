import type { Failure } from '../../api/control-types.js';
import { timeOfEvent } from '../../api/time-of-event.js';
import type { ObjectMeta } from '../../api/types/object-meta.js';
import type {
  AnyResource,
  KubeEvent,
  Pod,
  ResourceName,
  Resources,
  ScalingOperation,
} from '../../api/types/resources.js';
import { withoutSecrets } from '../../api/without-secrets.js';
import { humanDuration } from '../../lib/human-duration.js';
import { stripControl } from '../../lib/strip-control.js';
import { table } from '../../lib/table.js';
import { secondsText } from '../../lib/time-text.js';
import { allocatedLines } from './allocated.js';
import { orNone, type PrintContext, since } from './column.js';
import { objectOf, phaseLevel } from './columns.js';
import { describePod } from './describe-pod.js';
import { type Detail, detailLines } from './detail-lines.js';
import { fileAnnotation, servingSummary } from './serving-summary.js';
import { stageLines } from './stage-lines.js';

/** What stands beside an object and belongs to its description. */
export interface Surroundings {
  readonly events: readonly KubeEvent[];
  /** Newest first; of a ModelServing. */
  readonly operations: readonly ScalingOperation[];
  /** Newest first; of the role instance. */
  readonly failures: readonly Failure[];
  /** Of a Node: its Pods. */
  readonly pods?: readonly Pod[];
}

type Own = {
  readonly [K in ResourceName]?: (
    object: Resources[K],
    context: PrintContext,
    around: Surroundings,
  ) => readonly Detail[];
};

/** An object in detail, as lines. */
export function describeObject(
  resource: ResourceName,
  object: AnyResource,
  around: Surroundings,
  context: PrintContext,
): string[] {
  const { metadata } = object;
  const own = of[resource] as
    | ((object: AnyResource, context: PrintContext, around: Surroundings) => readonly Detail[])
    | undefined;
  return detailLines([
    ['Name', metadata.name],
    ['Namespace', metadata.namespace || undefined],
    ['Labels', pairs(metadata.labels)],
    ['Annotations', pairs(withoutSecrets(object).metadata.annotations)],
    [
      'Created',
      `${orNone(metadata.creationTimestamp)} (${since(metadata.creationTimestamp, context.nowMs)} ago)`,
    ],
    ['Deleted since', deletedSince(metadata)],
    ...(own ? own(object, context, around) : []),
    ...(around.failures.length > 0
      ? [['Last failures', failureLines(around.failures, context.nowMs)] as const]
      : []),
    ...(resource === 'events' ? [] : [['Events', eventLines(around.events, context.nowMs)] as const]),
  ]);
}

/** When it was deleted: its deletionTimestamp is when its grace is over. */
function deletedSince({ deletionTimestamp, deletionGracePeriodSeconds = 0 }: ObjectMeta): string | undefined {
  if (deletionTimestamp === undefined) return undefined;
  return secondsText(Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000);
}

const of: Own = {
  configmaps: ({ data = {}, binaryData = {} }) => [
    ...Object.entries(data).map(
      ([key, text]) => [`Data ${key}`, text.replace(/\n$/, '').split('\n')] as const,
    ),
    ...Object.entries(binaryData).map(
      ([key, text]) => [`Data ${key}`, `${Buffer.from(text, 'base64').length} bytes`] as const,
    ),
  ],
  secrets: ({ type, data = {} }) => [
    ['Type', type],
    ...Object.entries(data).map(
      ([key, text]) => [`Data ${key}`, `${Buffer.from(text, 'base64').length} bytes`] as const,
    ),
  ],
  persistentvolumeclaims: ({ spec, status }) => [
    ['Status', status?.phase ?? 'Pending'],
    ['Capacity', status?.capacity?.storage],
    ['Access modes', (spec.accessModes ?? []).join(',')],
  ],
  modelservings(serving, { painter }, { operations }) {
    const { level, message, word } = servingSummary(serving);
    const { spec, status } = serving;
    const [newest] = operations;
    const holds = newest?.status.phase === 'Running' ? newest.status.holds : [];
    return [
      ['File', serving.metadata.annotations?.[fileAnnotation]],
      ['Status', painter.status(level, word)],
      ['Message', message || undefined],
      ['Generation', `${serving.metadata.generation ?? 1} (observed: ${status?.observedGeneration ?? 0})`],
      [
        'Replicas',
        `${spec.replicas} wanted, ${status?.replicas ?? 0} exist, ${status?.availableReplicas ?? 0} available, ${status?.updatedReplicas ?? 0} up to date`,
      ],
      ['Revision', status ? `${status.updateRevision} (current: ${status.currentRevision})` : undefined],
      ['Recovery', spec.recoveryPolicy],
      ['Rollout', spec.rolloutStrategy.type],
      [
        'Roles',
        table([
          ['NAME', 'REPLICAS', 'WORKERS', 'IMAGES'],
          ...spec.template.roles.map((role) => [
            role.name,
            String(role.replicas),
            String(role.workerReplicas),
            (role.entryTemplate.spec?.containers ?? []).map((each) => each.image).join(', '),
          ]),
        ]),
      ],
      [
        'Conditions',
        table([
          ['TYPE', 'STATUS', 'REASON', 'MESSAGE'],
          ...(status?.conditions ?? []).map((each) => [each.type, each.status, each.reason, each.message]),
        ]),
      ],
      ['Waiting for', holdLines(holds)],
      ...(newest
        ? [
            [
              `Operation ${newest.metadata.name} (${newest.spec.change}, ${newest.status.phase})`,
              stageLines(newest.status.stages, painter),
            ] as const,
          ]
        : []),
    ];
  },
  servinggroups: ({ spec, status }, { painter }) => [
    ['ModelServing', spec.modelServing],
    ['Ordinal', spec.ordinal],
    ['Revision', spec.revision],
    [
      'Counts',
      Object.entries(spec.counts)
        .map(([role, count]) => `${role}=${count}`)
        .join(', '),
    ],
    ...instanceDetails(status, painter),
  ],
  roles: ({ spec, status }, { painter }) => [
    ['ModelServing', spec.modelServing],
    ['Group', spec.group],
    ['Role', `${spec.role} (${spec.roleId})`],
    ['Revision', spec.revision],
    ...instanceDetails(status, painter),
  ],
  pods: describePod,
  scalingoperations: ({ spec, status }, { painter, nowMs }) => [
    ['ModelServing', spec.modelServing],
    ['Generation', spec.generation],
    ['Change', spec.change],
    ['Status', painter.status(status.phase === 'Running' ? 'busy' : 'good', status.phase)],
    [
      'Duration',
      humanDuration(
        (status.completedAt ? Date.parse(status.completedAt) : nowMs) - Date.parse(status.startedAt),
      ),
    ],
    ['Waiting for', holdLines(status.holds)],
    ['Stages', stageLines(status.stages, painter)],
  ],
  services: ({ spec }) => [
    ['Type', spec.type ?? 'ClusterIP'],
    ['Cluster IP', spec.clusterIP ?? 'None'],
    ['Selector', pairs(spec.selector)],
    ['Ports', (spec.ports ?? []).map((each) => `${each.port}/${each.protocol ?? 'TCP'}`)],
  ],
  events: (event) => [
    ['Type', event.type],
    ['Reason', event.reason],
    ['Object', objectOf(event)],
    ['Count', event.count],
    ['Last seen', event.lastTimestamp],
    ['Message', event.message],
  ],
  nodes: (node, _context, { pods = [] }) => [
    [
      'Conditions',
      table([
        ['TYPE', 'STATUS', 'REASON', 'MESSAGE'],
        ...(node.status?.conditions ?? []).map((each) => [
          each.type,
          each.status,
          each.reason ?? '',
          each.message ?? '',
        ]),
      ]),
    ],
    ['Capacity', pairs(node.status?.capacity as Record<string, string> | undefined)],
    ['Allocated', allocatedLines(node, pods)],
  ],
  controllerrevisions: ({ data, revision }) => [
    ['Revision', revision],
    [
      'Roles',
      data.roles.map((role) => `${role.name}: replicas ${role.replicas}, workers ${role.workerReplicas}`),
    ],
  ],
};

const instanceDetails = (
  status: Resources['roles']['status'] | Resources['servinggroups']['status'],
  painter: PrintContext['painter'],
): Detail[] => [
  ['Status', painter.status(phaseLevel(status.phase), status.phase)],
  ['Reason', status.reason || undefined],
  ['Message', status.message || undefined],
  ['Ready pods', `${status.readyPods}/${status.totalPods}`],
  ['Restarts', status.restarts],
];

const pairs = (values: Readonly<Record<string, string>> | undefined): string[] | undefined => {
  const lines = Object.entries(values ?? {}).map(([key, value]) => `${key}=${value}`);
  return lines.length > 0 ? lines : undefined;
};

const holdLines = (holds: ScalingOperation['status']['holds']): string[] | undefined =>
  holds.length === 0
    ? undefined
    : table(holds.map((hold) => [hold.subject || '-', hold.reason, hold.message]));

const eventLines = (events: readonly KubeEvent[], nowMs: number): string[] =>
  events.length === 0
    ? []
    : table([
        ['TYPE', 'REASON', 'AGE', 'FROM', 'MESSAGE'],
        ...events.map((each) => [
          each.type,
          each.reason,
          each.count > 1
            ? `${since(timeOfEvent(each), nowMs)} (x${each.count} over ${since(each.firstTimestamp, nowMs)})`
            : since(timeOfEvent(each), nowMs),
          each.source.component,
          each.message.replaceAll('\n', ' '),
        ]),
      ]);

const shownLogLines = 5;

/** The last words of each; the whole log is shown by `logs --previous`. */
const failureLines = (failures: readonly Failure[], nowMs: number): string[] =>
  failures.flatMap((each) => [
    `${each.pod} ${each.container}: ${each.reason}, exit code ${each.exitCode}${each.signal ? ` (${each.signal})` : ''}, ${since(each.finishedAt, nowMs)} ago${each.message ? `: ${stripControl(each.message)}` : ''}`,
    ...each.log
      .trimEnd()
      .split('\n')
      .slice(-shownLogLines)
      .map((line) => `  | ${stripControl(line)}`),
  ]);
