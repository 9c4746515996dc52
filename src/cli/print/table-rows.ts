import type { AnyResource, ResourceName, Resources } from '../../api/types/resources.js';
import { kindOf } from '../resource-kinds.js';
import type { Column, PrintContext } from './column.js';
import { columns } from './columns.js';

export interface TableOptions {
  readonly wide?: boolean;
  /** A column NAMESPACE first. */
  readonly namespaces?: boolean;
  /** `pod/NAME` instead of `NAME`, where several kinds are listed. */
  readonly kindPrefix?: boolean;
  readonly labels?: boolean;
}

const columnsFor = <K extends ResourceName>(resource: K, options: TableOptions): Column<Resources[K]>[] => {
  const own: readonly Column<Resources[K]>[] = columns[resource];
  const shown: Column<Resources[K]>[] = own.filter((each) => options.wide || !each.wide);
  if (options.namespaces) shown.unshift({ header: 'NAMESPACE', cell: ({ metadata }) => metadata.namespace });
  if (options.labels) {
    shown.push({
      header: 'LABELS',
      cell: ({ metadata }) =>
        Object.entries(metadata.labels ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(',') || '<none>',
    });
  }
  return shown;
};

export const headerRow = (resource: ResourceName, options: TableOptions): string[] =>
  columnsFor(resource, options).map((each) => each.header);

export const objectRow = <K extends ResourceName>(
  resource: K,
  object: Resources[K],
  options: TableOptions,
  context: PrintContext,
): string[] =>
  columnsFor(resource, options).map((each) => {
    const cell = each.cell(object, context).replaceAll('\n', ' ');
    return options.kindPrefix && each.header === 'NAME' ? qualifiedName(resource, object) : cell;
  });

/** As `-o name` prints it: `pod/x`, `modelserving.workload.serving.volcano.sh/y`. */
export function qualifiedName(resource: ResourceName, object: AnyResource): string {
  const { singular, group } = kindOf(resource);
  return `${singular}${group === '' ? '' : `.${group}`}/${object.metadata.name}`;
}
