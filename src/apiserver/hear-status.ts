import type { KindFacts } from '../api/kinds.js';
import { AppError } from '../lib/app-error.js';
import type { ObjectStore } from '../store/object-store.js';
import { bodyOfChange, metadataOf } from './body-of-change.js';
import { type Exchange, readBody, sendJson } from './exchange.js';
import { fullName } from './full-name.js';
import { warn } from './judge-written.js';
import { metaOfChanged } from './write-meta.js';

/**
 * PUT and PATCH of the status of what the controllers here act on: judged like any write, and then what they say counts, as if they had put it
 * right at once. Throws NotFound, Conflict, Usage, SpecInvalid.
 */
export async function hearStatus(store: ObjectStore, facts: KindFacts, exchange: Exchange): Promise<void> {
  const { params, request, response } = exchange;
  const sent = await readBody(request);
  const before = store.get(facts.resource, params.namespace ?? '', params.name ?? '');
  if (!before) throw new AppError('NotFound', `${fullName(facts)} "${params.name}" not found`);
  metaOfChanged(before.metadata, metadataOf(bodyOfChange(facts, before, sent, exchange)));
  warn(exchange, [`status: minithena itself says the status of a ${facts.kind}; what was sent is not kept`]);
  sendJson(response, 200, before);
}
