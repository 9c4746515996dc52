import type { AnyResource, KubeEvent } from '../../api/types/resources.js';
import type { CliContext } from '../cli-context.js';
import { findObjects } from '../find-objects.js';
import { followObjects } from '../follow/follow-objects.js';
import { parseTargets } from '../parse-targets.js';
import { formatObjects, parseOutputFormat } from '../print/output-format.js';
import { findKind, kindOf } from '../resource-kinds.js';
import { usageError } from '../usage-error.js';
import { inOrder, nothingFound, printTable } from './get.js';

export interface EventsOptions {
  readonly watch?: boolean;
  readonly for?: string;
  readonly types?: string;
  readonly kinds?: string;
  readonly reasons?: string;
  readonly output?: string;
  readonly headers?: boolean;
}

/** `events`: what happened, oldest first, so that the newest stands next to the prompt. */
export async function events(context: CliContext, options: EventsOptions): Promise<number> {
  const format = parseOutputFormat(options.output);
  const filter = eventFilter(options);
  const client = await context.client();
  const search = { namespace: context.namespace };
  const target = { kind: kindOf('events'), names: [] };
  const headers = options.headers !== false;
  const tableOptions = { wide: format.type === 'table' && format.wide };
  if (options.watch) {
    await followObjects(context, client, { ...target, search, format, table: tableOptions, headers, filter });
    return 0;
  }
  const { found } = await findObjects(client, [target], search);
  const shown = inOrder(found).filter((each) => filter(each.object));
  if (format.type !== 'table') context.output.raw(await formatObjects(format, shown, false));
  else if (shown.length === 0) context.output.progress(nothingFound(search).replace('resources', 'events'));
  else printTable(context.output, context.now(), shown, tableOptions, headers);
  return 0;
}

function eventFilter(options: EventsOptions): (object: AnyResource) => boolean {
  const types = options.types?.split(',').map((each) => each.toLowerCase());
  for (const type of types ?? []) {
    if (type !== 'normal' && type !== 'warning')
      throw usageError(`--types ${options.types}: Normal or Warning`);
  }
  const [about, ...more] = options.for === undefined ? [] : parseTargets([options.for]);
  if (options.for !== undefined && (more.length > 0 || about?.names.length !== 1))
    throw usageError('--for takes one TYPE/NAME');
  const kinds = options.kinds?.split(',').map((each) => findKind(each).kind);
  const reasons = options.reasons?.toLowerCase().split(',');
  return (object) => {
    const { involvedObject, type, reason } = object as KubeEvent;
    if (types && !types.includes(type.toLowerCase())) return false;
    if (kinds && !kinds.some((each) => each === involvedObject.kind)) return false;
    if (reasons && !reasons.includes(reason.toLowerCase())) return false;
    return !about || (involvedObject.kind === about.kind.kind && involvedObject.name === about.names[0]);
  };
}
