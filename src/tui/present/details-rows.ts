import type { ContainerStatus } from 'kubernetes-types/core/v1.js';
import { timeOfEvent } from '../../api/time-of-event.js';
import type { Pod } from '../../api/types/resources.js';
import { isOfPodBefore } from '../model/events-about.js';
import { gpusOf, publishedPorts } from '../model/line-places.js';
import { selectedLine, type TreeLine } from '../model/tree.js';
import { wrapText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import { age } from './age.js';
import type { Context } from './context.js';
import { type Row, row, span } from './styled.js';

/** Everything known about the selected line, for reading: nothing is cut. */
export function detailsRows(context: Context): Row[] {
  const line = selectedLine(context.model);
  if (!line) return [row(span('it is gone', 'dim'))];
  const facts: [string, string][] = [
    ...lineFacts(line, context),
    ...(line.kind === 'pod' || line.kind === 'container' ? podFacts(line, line.pod) : []),
  ];
  const nameWidth = Math.max(...facts.map(([name]) => name.length)) + 2;
  const rows = facts.flatMap(([name, value]) => {
    const [first = '', ...rest] = wrapText(cleanText(value), Math.max(8, context.columns - nameWidth));
    return [
      row(span(`${name}:`.padEnd(nameWidth), 'dim'), first),
      ...rest.map((more) => row(' '.repeat(nameWidth) + more)),
    ];
  });
  return [...rows, ...eventsOfLine(context, line)];
}

function lineFacts(line: TreeLine, { nowMs }: Context): [string, string][] {
  const revision =
    line.kind === 'group' ? line.group.spec.revision : line.kind === 'role' ? line.role.spec.revision : '';
  return [
    [
      {
        serving: 'ModelServing',
        group: 'ServingGroup',
        role: 'Role instance',
        pod: 'Pod',
        container: 'Container',
      }[line.kind],
      line.name,
    ],
    ['Status', line.word],
    ['Ready', line.readyText],
    ['Restarts', String(line.restarts)],
    ['Age', age(line.createdAt, nowMs)],
    ...(line.reason ? [['Reason', line.reason] as [string, string]] : []),
    ...(revision ? [['Revision', revision] as [string, string]] : []),
    ...(line.kind === 'group' ? [['Counts', countWords(line.group.spec.counts)] as [string, string]] : []),
  ];
}

const countWords = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([role, count]) => `${role} ${count}`)
    .join(', ');

function podFacts(line: TreeLine, pod: Pod): [string, string][] {
  const ports = publishedPorts(pod).map(({ port, local }) => `${port} at ${local}`);
  const gpus = gpusOf(line);
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return [
    ['Node', pod.spec.nodeName ?? '-'],
    ['IP', pod.status?.podIP ?? '-'],
    ...(ports.length > 0 ? [['Ports', ports.join(', ')] as [string, string]] : []),
    ...(gpus ? [['GPUs', gpus] as [string, string]] : []),
    ...(pod.status?.conditions ?? []).map((each): [string, string] => [
      each.type,
      [each.status, each.reason, each.message].filter(Boolean).join(' '),
    ]),
    ...[...(pod.spec.initContainers ?? []), ...pod.spec.containers].flatMap(
      (container): [string, string][] => {
        const status = statuses.find((each) => each.name === container.name);
        return [
          ['Container', `${container.name}  ${container.image ?? ''}`],
          ['  State', status ? stateWords(status) : 'not created yet'],
        ];
      },
    ),
  ];
}

function stateWords({ state, lastState, restartCount, ready }: ContainerStatus): string {
  const ended = (terminated: { reason?: string; exitCode: number; message?: string }) =>
    ['terminated', terminated.reason, `exit code ${terminated.exitCode}`, terminated.message]
      .filter(Boolean)
      .join(' ');
  const now = state?.running
    ? `running since ${String(state.running.startedAt ?? '?')}${ready ? ', ready' : ', not ready'}`
    : state?.terminated
      ? ended(state.terminated)
      : ['waiting', state?.waiting?.reason, state?.waiting?.message].filter(Boolean).join(' ');
  const last = lastState?.terminated ? `; before that ${ended(lastState.terminated)}` : '';
  return `${now}; ${restartCount} restarts${last}`;
}

function eventsOfLine({ model, nowMs, columns }: Context, line: TreeLine): Row[] {
  if (line.kind !== 'pod' && line.kind !== 'container') return [];
  const { name, namespace } = line.pod.metadata;
  const events = [...model.data.events.values()]
    .filter((event) => event.involvedObject.name === name && event.involvedObject.namespace === namespace)
    .filter((event) => !isOfPodBefore(model, event))
    .sort((a, b) => timeOfEvent(b).localeCompare(timeOfEvent(a)));
  return [
    row(),
    row(span('Events', 'title')),
    ...(events.length === 0 ? [row(span('none', 'dim'))] : []),
    ...events.flatMap((event) =>
      wrapText(
        cleanText(`${age(timeOfEvent(event), nowMs)} ${event.type} ${event.reason}: ${event.message}`),
        columns - 2,
      ).map((text, index) =>
        row(index === 0 ? '' : '  ', span(text, event.type === 'Warning' ? 'bad' : 'plain')),
      ),
    ),
  ];
}
