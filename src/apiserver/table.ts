import type { AnyResource, ResourceName } from '../api/types/resources.js';
import { asTold } from './as-told.js';
import type { ListMeta } from './list-page.js';
import { type Rules, type TableColumn, tableColumns } from './table-columns.js';
import { toldMeta } from './told-meta.js';

/** How much of each object goes along with its row: kubectl sorts by it, and prints label columns from it. */
export type Included = 'Metadata' | 'Object' | 'None';

/** Objects as the server-side table that kubectl prints. */
export function tableOf(
  resource: ResourceName,
  items: readonly AnyResource[],
  metadata: ListMeta,
  { included, rules }: { included: Included; rules: Rules },
): object {
  const columns = tableColumns[resource] as readonly TableColumn<AnyResource>[];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, priority = 0, type = 'string', description = '' }) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : '',
      description,
      priority,
    })),
    rows: items.map((item) => ({
      cells: columns.map((column) => column.cell(item, rules)),
      object: objectOf(item, included),
    })),
  };
}

function objectOf(item: AnyResource, included: Included): object | null {
  if (included === 'None') return null;
  if (included === 'Object') return asTold(item);
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: toldMeta(item.apiVersion, item.metadata),
  };
}

export const includedIn = (query: URLSearchParams): Included => {
  const asked = query.get('includeObject');
  return asked === 'Object' || asked === 'None' ? asked : 'Metadata';
};
