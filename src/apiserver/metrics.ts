import { kinds } from '../api/kinds.js';
import { programVersion } from '../lib/program-version.js';
import type { Tally } from '../lib/tally.js';
import type { QueueFigures } from '../lib/work-queue.js';
import type { ObjectStore } from '../store/object-store.js';

/** What the daemon's other parts have done. */
export interface WorkFigures {
  readonly isEngineReachable: boolean;
  /** By the part whose passes they are. */
  readonly queues: Readonly<Record<string, QueueFigures>>;
  /** By the name of the call. */
  readonly engineCalls: ReadonlyMap<string, Tally>;
}

export interface RequestCounts {
  readonly watchers: number;
  /** By `METHOD code`. */
  readonly requests: ReadonlyMap<string, number>;
}

/** What `/metrics` answers: the state of the store, and what the server was asked, as Prometheus reads it. */
export function metricsText(store: ObjectStore, counts: RequestCounts, work: WorkFigures): string {
  const by = (values: readonly string[]): [string, number][] => {
    const sums = new Map<string, number>();
    for (const value of values) sums.set(value, (sums.get(value) ?? 0) + 1);
    return [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  };
  const list = <R extends Parameters<ObjectStore['list']>[0]>(resource: R) => store.list(resource, {}).items;
  const groups = store.list('servinggroups', {}).items.map(({ status }) => status.phase);
  const pods = store.list('pods', {}).items.map(({ status }) => status?.phase ?? 'Pending');
  const memory = process.memoryUsage().rss;
  const cpu = process.cpuUsage();
  const labelled = (label: string, pairs: readonly [string, number][]): Sample[] =>
    pairs.map(([value, count]) => [{ [label]: value }, count]);
  return [
    metric('minithena_build_info', 'gauge', 'The running version.', [[{ version: programVersion() }, 1]]),
    metric('minithena_servinggroups', 'gauge', 'ServingGroups by status.', labelled('status', by(groups))),
    metric('minithena_pods', 'gauge', 'Pods by phase.', labelled('phase', by(pods))),
    metric(
      'minithena_objects',
      'gauge',
      'Stored objects by resource.',
      kinds.map(({ resource }) => [{ resource }, list(resource).length]),
    ),
    metric('minithena_api_watchers', 'gauge', 'Open watches.', [[{}, counts.watchers]]),
    metric(
      'minithena_api_requests_total',
      'counter',
      'Requests answered, by method and code.',
      [...counts.requests].map(([key, count]): Sample => {
        const [method = '', code = ''] = key.split(' ');
        return [{ method, code }, count];
      }),
    ),
    metric('minithena_engine_reachable', 'gauge', 'Whether the engine answers.', [
      [{}, work.isEngineReachable ? 1 : 0],
    ]),
    ...tallies('minithena_engine_calls', 'call', 'Calls of the engine', work.engineCalls),
    ...tallies(
      'minithena_passes',
      'part',
      'Passes over an object',
      new Map(Object.entries(work.queues).map(([part, { passes }]) => [part, passes])),
    ),
    metric(
      'minithena_queue_length',
      'gauge',
      'Objects that wait for a pass or have one.',
      Object.entries(work.queues).flatMap(([part, { due, running, delayed }]): Sample[] => [
        [{ part, state: 'due' }, due],
        [{ part, state: 'running' }, running],
        [{ part, state: 'delayed' }, delayed],
      ]),
    ),
    metric('process_resident_memory_bytes', 'gauge', 'Memory of the daemon.', [[{}, memory]]),
    metric('process_cpu_seconds_total', 'counter', 'Processor time of the daemon.', [
      [{}, (cpu.user + cpu.system) / 1e6],
    ]),
  ].join('');
}

const tallies = (name: string, label: string, what: string, each: ReadonlyMap<string, Tally>): string[] => [
  metric(
    `${name}_total`,
    'counter',
    `${what}, by how they ended.`,
    [...each].flatMap(([key, { succeeded, failed }]): Sample[] => [
      [{ [label]: key, result: 'succeeded' }, succeeded],
      [{ [label]: key, result: 'failed' }, failed],
    ]),
  ),
  metric(
    `${name}_seconds_total`,
    'counter',
    `${what}: the time that they took.`,
    [...each].map(([key, { seconds }]): Sample => [{ [label]: key }, seconds]),
  ),
];

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

function metric(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => {
    const told = Object.entries(labels).map(([key, text]) => `${key}=${JSON.stringify(text)}`);
    return `${name}${told.length > 0 ? `{${told.join(',')}}` : ''} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
