import { groupVersionOf, type KindFacts } from '../api/kinds.js';
import type { AnyResource } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import type { ListFilter, ObjectStore } from '../store/object-store.js';
import { errorStatus } from './error-status.js';
import { type Exchange, sendJson } from './exchange.js';
import { tableOf, wantsTable } from './table.js';

/** GET of one object. */
export function getObject(store: ObjectStore, facts: KindFacts, exchange: Exchange): void {
  const { namespace = '', name = '' } = exchange.params;
  const found = store.get(facts.resource, namespace, name);
  if (!found) throw new AppError('NotFound', `${nameOf(facts)} "${name}" not found`);
  const asTable = wantsTable(exchange.request.headers.accept);
  sendJson(
    exchange.response,
    200,
    asTable ? tableOf(facts.resource, [found], found.metadata.resourceVersion ?? '') : found,
  );
}

/** GET of a list, or of its changes from then on. */
export async function listObjects(store: ObjectStore, facts: KindFacts, exchange: Exchange): Promise<void> {
  const { query, params } = exchange;
  const filter: ListFilter = {
    ...(params.namespace !== undefined && { namespace: params.namespace }),
    ...(query.get('labelSelector') && { labelSelector: query.get('labelSelector') ?? '' }),
    ...(query.get('fieldSelector') && { fieldSelector: query.get('fieldSelector') ?? '' }),
  };
  const isWatch = ['1', 'true'].includes(query.get('watch') ?? '');
  if (isWatch) return watchObjects(store, facts, exchange, filter);
  const { items, resourceVersion } = store.list(facts.resource, filter);
  const asTable = wantsTable(exchange.request.headers.accept);
  const list = {
    kind: `${facts.kind}List`,
    apiVersion: groupVersionOf(facts),
    metadata: { resourceVersion },
    items,
  };
  sendJson(exchange.response, 200, asTable ? tableOf(facts.resource, items, resourceVersion) : list);
}

/** One JSON object per line until the client goes or its time is up. A client that reads too slowly is cut off: it lists again. */
async function watchObjects(
  store: ObjectStore,
  facts: KindFacts,
  exchange: Exchange,
  filter: ListFilter,
): Promise<void> {
  const { query, response, signal } = exchange;
  const asTable = wantsTable(exchange.request.headers.accept);
  const from = query.get('resourceVersion');
  const begin = () => response.writeHead(200, { 'content-type': 'application/json' });
  const line = (type: string, object: AnyResource) =>
    `${JSON.stringify({ type, object: asTable ? tableOf(facts.resource, [object], object.metadata.resourceVersion ?? '') : object })}\n`;
  const send = (text: string) => {
    if (!signal.aborted) response.write(text);
    if (response.writableLength > longestBacklog) response.destroy();
  };
  // Without a version, or with 0, a watch begins with what exists.
  const fromNow = from === null || from === '' || from === '0';
  let watch: { close(): void };
  try {
    const { items, resourceVersion } = store.list(facts.resource, filter);
    watch = store.watch(facts.resource, ({ type, object }) => send(line(type, object)), {
      ...filter,
      from: fromNow ? resourceVersion : from,
    });
    begin();
    response.flushHeaders();
    // In one task: a change that is told meanwhile must not come before the object it changes.
    if (fromNow) for (const item of items) send(line('ADDED', item));
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'Gone')) throw error;
    begin();
    response.end(`${JSON.stringify({ type: 'ERROR', object: errorStatus(error).body })}\n`);
    return;
  }
  const limitMs = Number(query.get('timeoutSeconds') ?? 0) * 1000;
  await new Promise<void>((resolve) => {
    const timer = limitMs > 0 ? setTimeout(resolve, limitMs) : undefined;
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
    if (signal.aborted) resolve();
  });
  watch.close();
  response.end();
}

const longestBacklog = 16 * 1024 * 1024;

const nameOf = ({ resource, group }: KindFacts): string => (group === '' ? resource : `${resource}.${group}`);
