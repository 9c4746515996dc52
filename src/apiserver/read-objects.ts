import type { KindFacts } from '../api/kinds.js';
import { AppError } from '../lib/app-error.js';
import type { ObjectStore } from '../store/object-store.js';
import { type Exchange, sendText } from './exchange.js';
import { fullName } from './full-name.js';
import { checkVersion, readListOptions } from './list-options.js';
import { listPage, refuseFuture } from './list-page.js';
import { objectForm } from './object-form.js';
import type { Rules } from './table-columns.js';
import { watchObjects } from './watch-objects.js';

/** GET of one object. */
export function getObject(store: ObjectStore, facts: KindFacts, exchange: Exchange, rules: Rules): void {
  const { params, response } = exchange;
  const form = objectForm(facts, exchange, rules);
  const version = exchange.query.get('resourceVersion') ?? '';
  checkVersion('GetOptions', version);
  refuseFuture(store, version);
  const found = store.get(facts.resource, params.namespace ?? '', params.name ?? '');
  if (!found) throw new AppError('NotFound', `${fullName(facts)} "${params.name}" not found`);
  sendText(response, 200, `${form.one(found)}\n`);
}

/** GET of a list, or of its changes from then on. */
export async function listObjects(
  store: ObjectStore,
  facts: KindFacts,
  exchange: Exchange,
  rules: Rules,
): Promise<void> {
  const { query, params, response } = exchange;
  const form = objectForm(facts, exchange, rules);
  const options = readListOptions(query, params.namespace);
  if (options.isWatch) return watchObjects(store, facts, exchange, options, form);
  const { items, metadata } = listPage(store, facts.resource, options);
  sendText(response, 200, `${form.list(items, metadata)}\n`);
}
