import type { Container, ContainerState, ContainerStatus } from 'kubernetes-types/core/v1.js';
import { annotation } from '../../api/labels.js';
import { podSummary } from '../../api/pod-summary.js';
import type { Pod } from '../../api/types/resources.js';
import { table } from '../../lib/table.js';
import { orNone, type PrintContext } from './column.js';
import { type Detail, detailLines } from './detail-lines.js';

/** What `describe pod` says besides name, labels and events. */
export function describePod(pod: Pod, { painter }: PrintContext): Detail[] {
  const { level, message, word } = podSummary(pod);
  const { status, spec } = pod;
  return [
    ['Node', orNone(spec.nodeName)],
    ['Start Time', orNone(status?.startTime)],
    ['Status', painter.status(level, word)],
    ['Reason', message || undefined],
    ['IP', orNone(status?.podIP)],
    ['Stand-in For', pod.metadata.annotations?.[annotation.standIn]?.split(',').join(', ')],
    ['Ports', pod.metadata.annotations?.['minithena.dev/published-ports']],
    ...(spec.initContainers
      ? [['Init Containers', containers(spec.initContainers, status?.initContainerStatuses)] as const]
      : []),
    ['Containers', containers(spec.containers, status?.containerStatuses)],
    [
      'Conditions',
      table([
        ['TYPE', 'STATUS', 'REASON'],
        ...(status?.conditions ?? []).map((each) => [each.type, each.status, each.reason ?? '']),
      ]),
    ],
  ];
}

const containers = (specs: readonly Container[], statuses: readonly ContainerStatus[] = []): string[] =>
  specs.flatMap((spec) => {
    const status = statuses.find((each) => each.name === spec.name);
    return detailLines([[spec.name, detailLines(containerDetails(spec, status))]]);
  });

const containerDetails = (spec: Container, status: ContainerStatus | undefined): Detail[] => [
  ['Container ID', status?.containerID],
  ['Image', spec.image],
  [
    'Ports',
    (spec.ports ?? []).map((each) => `${each.containerPort}/${each.protocol ?? 'TCP'}`).join(', ') ||
      undefined,
  ],
  ['Command', spec.command?.join(' ')],
  ['Args', spec.args?.join(' ')],
  ...stateDetails('State', status?.state),
  ...(status?.lastState?.terminated || status?.lastState?.waiting
    ? stateDetails('Last State', status.lastState)
    : []),
  ['Ready', status ? (status.ready ? 'True' : 'False') : undefined],
  ['Restart Count', status?.restartCount],
  // Values stay where they are: an environment often holds tokens.
  ['Environment', (spec.env ?? []).map((each) => each.name).join(', ') || undefined],
  [
    'Mounts',
    (spec.volumeMounts ?? [])
      .map((each) => `${each.mountPath} from ${each.name}${each.readOnly ? ' (ro)' : ''}`)
      .join(', ') || undefined,
  ],
];

function stateDetails(label: string, state: ContainerState | undefined): Detail[] {
  if (state?.running)
    return [
      [label, 'Running'],
      ['  Started', state.running.startedAt],
    ];
  if (state?.waiting) {
    return [
      [label, 'Waiting'],
      ['  Reason', state.waiting.reason],
      ['  Message', state.waiting.message],
    ];
  }
  if (!state?.terminated) return [[label, 'Waiting']];
  const { exitCode, finishedAt, message, reason, signal, startedAt } = state.terminated;
  return [
    [label, 'Terminated'],
    ['  Reason', reason],
    ['  Message', message],
    ['  Exit Code', exitCode],
    ['  Signal', signal],
    ['  Started', startedAt],
    ['  Finished', finishedAt],
  ];
}
