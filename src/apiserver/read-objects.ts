import { groupVersionOf, type KindFacts } from '../api/kinds.js';
import { AppError } from '../lib/app-error.js';
import type { ListFilter, ObjectStore } from '../store/object-store.js';
import { type Exchange, isSet, sendJson } from './exchange.js';
import { includedIn, tableOf, wantsTable } from './table.js';
import { watchObjects } from './watch-objects.js';

/** GET of one object. */
export function getObject(store: ObjectStore, facts: KindFacts, exchange: Exchange): void {
  const { params, query, request, response } = exchange;
  const found = store.get(facts.resource, params.namespace ?? '', params.name ?? '');
  if (!found) throw new AppError('NotFound', `${nameOf(facts)} "${params.name}" not found`);
  const version = found.metadata.resourceVersion ?? '';
  const asTable = wantsTable(request.headers.accept);
  sendJson(response, 200, asTable ? tableOf(facts.resource, [found], version, includedIn(query)) : found);
}

/** GET of a list, or of its changes from then on. */
export async function listObjects(store: ObjectStore, facts: KindFacts, exchange: Exchange): Promise<void> {
  const { query, params, request, response } = exchange;
  const labelSelector = query.get('labelSelector');
  const fieldSelector = query.get('fieldSelector');
  const filter: ListFilter = {
    ...(params.namespace !== undefined && { namespace: params.namespace }),
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
  };
  if (isSet(query, 'watch')) return watchObjects(store, facts, exchange, filter);
  const { items, resourceVersion } = store.list(facts.resource, filter);
  if (wantsTable(request.headers.accept))
    return sendJson(response, 200, tableOf(facts.resource, items, resourceVersion, includedIn(query)));
  sendJson(response, 200, {
    kind: `${facts.kind}List`,
    apiVersion: groupVersionOf(facts),
    metadata: { resourceVersion },
    items,
  });
}

const nameOf = ({ resource, group }: KindFacts): string => (group === '' ? resource : `${resource}.${group}`);
