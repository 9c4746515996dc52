import { timeOfEvent } from '../../api/time-of-event.js';
import type { AnyResource, ResourceName } from '../../api/types/resources.js';
import { columnWidths, table } from '../../lib/table.js';
import type { CliContext } from '../cli-context.js';
import { findObjects, type Search } from '../find-objects.js';
import { followObjects } from '../follow/follow-objects.js';
import type { Output } from '../output.js';
import { parseTargets } from '../parse-targets.js';
import { type Found, formatObjects, parseOutputFormat } from '../print/output-format.js';
import { headerRow, objectRow, type TableOptions } from '../print/table-rows.js';
import { syncFiles } from '../sync-files.js';
import { usageError } from '../usage-error.js';

export interface GetOptions {
  readonly output?: string;
  readonly watch?: boolean;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly allNamespaces?: boolean;
  readonly headers?: boolean;
  readonly showLabels?: boolean;
}

/** `get`: objects as a table or in a format for programs. The watched files are looked at first. */
export async function get(
  context: CliContext,
  type: string,
  names: string[],
  options: GetOptions,
): Promise<number> {
  const targets = parseTargets([type, ...names]);
  const format = parseOutputFormat(options.output);
  if (options.watch && targets.length > 1) throw usageError('--watch follows one resource type only');
  const client = await context.client();
  await syncFiles(client);
  const search: Search = {
    namespace: options.allNamespaces ? undefined : context.namespace,
    labelSelector: options.selector,
    fieldSelector: options.fieldSelector,
  };
  const several = targets.length > 1;
  const tableOptions: TableOptions = {
    wide: format.type === 'table' && format.wide,
    namespaces: options.allNamespaces === true,
    kindPrefix: several,
    labels: options.showLabels === true,
  };
  const [first] = targets;
  if (options.watch && first) {
    await followObjects(context, client, {
      ...first,
      search,
      format,
      table: tableOptions,
      headers: options.headers !== false,
    });
    return 0;
  }
  const { found, missing } = await findObjects(client, targets, search);
  const { output } = context;
  const sorted = inOrder(found);
  if (format.type !== 'table') {
    if (sorted.length > 0 || missing.length === 0) {
      output.raw(await formatObjects(format, sorted, !several && first?.names.length === 1));
    }
  } else {
    const perKind = targets
      .map(({ kind }) => sorted.filter((each) => each.resource === kind.resource))
      .filter((each) => each.length > 0);
    for (const [at, objects] of perKind.entries()) {
      if (at > 0) output.data('');
      printTable(output, context.now(), objects, tableOptions, options.headers !== false);
    }
    if (sorted.length === 0 && missing.length === 0) output.progress(nothingFound(search));
  }
  return reportMissing(output, missing);
}

/** Events by time, as `kubectl events`; everything else as the API sorts it. */
export const inOrder = (found: readonly Found[]): Found[] => {
  const timeOf = ({ resource, object }: Found) =>
    resource === 'events' ? timeOfEvent(object as { lastTimestamp: string }) : '';
  return [...found].sort((a, b) => timeOf(a).localeCompare(timeOf(b)));
};

export function printTable(
  output: Output,
  nowMs: number,
  objects: readonly Found[],
  options: TableOptions,
  headers: boolean,
): readonly number[] {
  const [first] = objects;
  if (!first) return [];
  const rows = objects.map((each) =>
    objectRow(each.resource as ResourceName, each.object as never as AnyResource as never, options, {
      nowMs,
      painter: output.stdout,
    }),
  );
  if (headers) rows.unshift(headerRow(first.resource, options));
  const widths = columnWidths(rows);
  for (const line of table(rows, widths)) output.data(line);
  return widths;
}

export const nothingFound = (search: Search): string =>
  search.namespace === undefined
    ? 'No resources found'
    : `No resources found in ${search.namespace} namespace.`;

export function reportMissing(
  output: Output,
  missing: readonly { code: string; message: string; hint: string | undefined }[],
): number {
  for (const error of missing) {
    output.progress(`${output.stderr.bad(`error ${error.code}:`)} ${error.message}`);
    if (error.hint) output.progress(`hint: ${error.hint}`);
  }
  return missing.length > 0 ? 1 : 0;
}
