import type { NodeMetrics, PodMetrics, Usage } from '../../api/types/metrics.js';
import { AppError, isAppError } from '../../lib/app-error.js';
import { parseQuantity } from '../../lib/parse-quantity.js';
import { table } from '../../lib/table.js';
import type { CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { findKind } from '../resource-kinds.js';
import { usageError } from '../usage-error.js';
import { nothingFound } from './get.js';

interface TopOptions {
  readonly selector?: string;
  readonly allNamespaces?: boolean;
  readonly containers?: boolean;
  readonly sortBy?: string;
  readonly headers?: boolean;
  readonly output?: string;
}
interface Row {
  readonly first: readonly string[];
  readonly cpuCores: number;
  readonly memoryBytes: number;
}

/** `top pods|nodes`: what they use now, as `kubectl top` prints it. */
export async function top(
  context: CliContext,
  type: string,
  name: string | undefined,
  options: TopOptions,
): Promise<number> {
  const { resource } = findKind(type);
  if (resource !== 'pods' && resource !== 'nodes')
    throw usageError(`${type} are not measured`, 'minithena top pods, or minithena top nodes');
  if (options.output !== undefined && options.output !== 'json')
    throw usageError(`there is no output format "${options.output}" of this`, 'known is json');
  if (options.sortBy !== undefined && !['cpu', 'memory'].includes(options.sortBy))
    throw usageError(`nothing can be sorted by "${options.sortBy}"`, 'known are cpu and memory');
  if (options.containers && resource === 'nodes')
    throw usageError('--containers is for pods', 'minithena top pods --containers');
  const isAll = options.allNamespaces === true && name === undefined;
  const search = {
    namespace: resource === 'nodes' || isAll ? undefined : context.namespace,
    labelSelector: options.selector,
    name,
  };
  const client = await context.client();
  const found = await measured(client, resource, search);
  const { output } = context;
  if (options.output === 'json') {
    output.data(
      JSON.stringify(
        name === undefined ? { kind: 'List', apiVersion: 'v1', items: found } : found[0],
        null,
        2,
      ),
    );
    return 0;
  }
  if (found.length === 0) {
    output.progress(`${nothingFound(search)} Only what runs is measured.`);
    return 0;
  }
  const lines =
    resource === 'nodes'
      ? await nodeLines(client, found as NodeMetrics[], options)
      : podLines(found as PodMetrics[], isAll, options);
  for (const line of table(options.headers === false ? lines.slice(1) : lines)) output.data(line);
  return 0;
}

/** Where a cluster has no metrics, its own words would not say why. */
async function measured(
  client: CliClient,
  resource: 'pods' | 'nodes',
  search: { namespace: string | undefined; labelSelector: string | undefined; name: string | undefined },
): Promise<readonly (PodMetrics | NodeMetrics)[]> {
  const given = Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
  try {
    return await client.usage(resource, given);
  } catch (error) {
    if (client.isOtherCluster && isAppError(error, 'NotFound') && search.name === undefined)
      throw new AppError('NotFound', 'this cluster measures nothing: it has no metrics.k8s.io', {
        hint: 'metrics-server does; install it there',
      });
    throw error;
  }
}

function podLines(pods: readonly PodMetrics[], namespaces: boolean, options: TopOptions): string[][] {
  const rows = pods.flatMap(({ metadata: { name, namespace }, containers }): Row[] => {
    const first = [...(namespaces ? [namespace] : []), name];
    return options.containers
      ? containers.map((each) => ({ first: [...first, each.name], ...amounts([each.usage]) }))
      : [{ first, ...amounts(containers.map(({ usage }) => usage)) }];
  });
  const heads = [
    ...(namespaces ? ['NAMESPACE'] : []),
    ...(options.containers ? ['POD', 'NAME'] : ['NAME']),
    'CPU(cores)',
    'MEMORY(bytes)',
  ];
  return [heads, ...sorted(rows, options).map((row) => [...row.first, cpuText(row), memoryText(row)])];
}

async function nodeLines(
  client: CliClient,
  nodes: readonly NodeMetrics[],
  options: TopOptions,
): Promise<string[][]> {
  const known = await client.list('nodes');
  const rows = nodes.map(({ metadata, usage }) => ({ first: [metadata.name], ...amounts([usage]) }));
  return [
    ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'],
    ...sorted(rows, options).map((row) => {
      const status = known.find(({ metadata }) => metadata.name === row.first[0])?.status;
      const all: Partial<Record<string, string>> = status?.allocatable ?? status?.capacity ?? {};
      return [
        ...row.first,
        cpuText(row),
        share(row.cpuCores, all.cpu),
        memoryText(row),
        share(row.memoryBytes, all.memory),
      ];
    }),
  ];
}

const amounts = (usages: readonly Usage[]): Pick<Row, 'cpuCores' | 'memoryBytes'> => {
  const sum = (of: keyof Usage) => usages.reduce((all, usage) => all + (parseQuantity(usage[of]) ?? 0), 0);
  return { cpuCores: sum('cpu'), memoryBytes: sum('memory') };
};

const sorted = (rows: readonly Row[], { sortBy }: TopOptions): readonly Row[] =>
  sortBy === undefined
    ? rows
    : [...rows].sort((a, b) => (sortBy === 'cpu' ? b.cpuCores - a.cpuCores : b.memoryBytes - a.memoryBytes));

// Upwards, as kubectl: what uses anything does not use nothing.
const cpuText = ({ cpuCores }: Row): string => `${Math.ceil(cpuCores * 1000)}m`;
const memoryText = ({ memoryBytes }: Row): string => `${Math.floor(memoryBytes / 2 ** 20)}Mi`;
const share = (used: number, of: string | undefined): string => {
  const all = of === undefined ? undefined : parseQuantity(of);
  return all === undefined || all === 0 ? '<unknown>' : `${Math.floor((used / all) * 100)}%`;
};
