import type { AnyResource } from '../../api/types/resources.js';
import { columnWidths, table } from '../../lib/table.js';
import type { Change, CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { listOptions, type Search } from '../find-objects.js';
import type { Target } from '../parse-targets.js';
import { formatObjects, type OutputFormat } from '../print/output-format.js';
import { headerRow, objectRow, type TableOptions } from '../print/table-rows.js';
import { untilAborted } from './until-aborted.js';

export interface Follow extends Target {
  readonly search: Search;
  readonly format: OutputFormat;
  readonly table: TableOptions;
  readonly headers: boolean;
  readonly filter?: (object: AnyResource) => boolean;
}

/** `-w`: what there is, then a line (or object) for every change, under the headings of the first ones, until Ctrl-C. */
export async function followObjects(context: CliContext, client: CliClient, follow: Follow): Promise<void> {
  const { output, signal } = context;
  const { resource } = follow.kind;
  const versions = new Map<string, string | undefined>();
  let waiting: AnyResource[] | undefined = [];
  let widths: readonly number[] = [];
  let printed = Promise.resolve();

  const row = (object: AnyResource) =>
    objectRow(resource, object as never, follow.table, { nowMs: context.now(), painter: output.stdout });
  const print = (objects: readonly AnyResource[], first: boolean) => {
    if (follow.format.type !== 'table') {
      const { format } = follow;
      printed = printed.then(async () => {
        for (const object of objects) output.raw(await formatObjects(format, [{ resource, object }], true));
      });
      return;
    }
    const rows = objects.map(row);
    if (first && follow.headers && rows.length > 0) rows.unshift(headerRow(resource, follow.table));
    if (widths.length === 0) widths = columnWidths(rows);
    for (const line of table(rows, widths)) output.data(line);
  };
  const onChange = (change: Change) => {
    if (change.type === 'DISCONNECTED')
      output.progress(`lost contact${change.message ? `: ${change.message}` : ''}; trying again`);
    else if (change.type === 'SYNCED') {
      if (waiting) print(waiting, true);
      waiting = undefined;
    } else {
      const { object } = change;
      if (follow.names.length > 0 && !follow.names.includes(object.metadata.name)) return;
      if (follow.filter && !follow.filter(object)) return;
      const key = object.metadata.uid ?? `${object.metadata.namespace}/${object.metadata.name}`;
      // After a reconnect everything is told again.
      if (
        change.type === 'ADDED' &&
        versions.get(key) === object.metadata.resourceVersion &&
        versions.has(key)
      )
        return;
      versions.set(key, object.metadata.resourceVersion);
      if (waiting) waiting.push(object);
      else print([object], widths.length === 0);
    }
  };
  void client.watch(resource, listOptions(resource, follow.search), onChange, signal);
  await untilAborted(signal);
  await printed;
}
