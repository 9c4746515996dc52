import type { NodeMetrics, PodMetrics, Usage } from '../api/types/metrics.js';
import { parseQuantity } from '../lib/parse-quantity.js';
import { includedIn } from './table.js';

type Metrics = PodMetrics | NodeMetrics;

/** What Pods or Nodes use as the table that kubectl prints, with the columns of metrics-server. Pure. */
export function usageTable(items: readonly Metrics[], query: URLSearchParams, metadata: object = {}): object {
  const included = includedIn(query);
  const column = (name: string, format = '') => ({
    name,
    type: 'string',
    format,
    description: '',
    priority: 0,
  });
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: [column('Name', 'name'), column('cpu'), column('memory'), column('Window')],
    rows: items.map((item) => ({
      cells: [item.metadata.name, ...cellsOf(usagesOf(item)), item.window],
      object: objectOf(item, included),
    })),
  };
}

const usagesOf = (item: Metrics): readonly Usage[] =>
  'containers' in item ? item.containers.map(({ usage }) => usage) : [item.usage];

function cellsOf(usages: readonly Usage[]): string[] {
  const sum = (of: 'cpu' | 'memory') => usages.reduce((all, each) => all + (parseQuantity(each[of]) ?? 0), 0);
  return [`${Math.round(sum('cpu') * 1e9)}n`, `${Math.ceil(sum('memory') / 1024)}Ki`];
}

function objectOf(item: Metrics, included: ReturnType<typeof includedIn>): object | null {
  if (included === 'None') return null;
  if (included === 'Object') return item;
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item.metadata };
}
