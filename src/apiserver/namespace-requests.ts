import type { KindFacts } from '../api/kinds.js';
import type { Namespace } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import { bodyOfChange, metadataOf } from './body-of-change.js';
import { type Exchange, readBody, sendJson } from './exchange.js';
import { metaOfChanged } from './write-meta.js';
import type { WriteParts } from './write-objects.js';
import { readWriteOptions } from './write-options.js';

/**
 * PUT and PATCH of `namespaces/NAME/status`: its conditions are whoever's, the phase is ours. PUT of `…/finalize`: the last finalizer of a
 * Namespace that is being deleted goes, and it with that, whatever is still in it. Throws NotFound, Conflict, SpecInvalid.
 */
export async function changeNamespace(
  { store, kept }: WriteParts,
  facts: KindFacts,
  exchange: Exchange,
  part: 'status' | 'finalize',
): Promise<void> {
  const { params, request, response } = exchange;
  const sent = await readBody(request);
  const before = store.get('namespaces', '', params.name ?? '');
  if (!before) throw new AppError('NotFound', `namespaces "${params.name}" not found`);
  const body = bodyOfChange(facts, before, sent, exchange);
  metaOfChanged(before.metadata, metadataOf(body));
  const { isDryRun: dryRun } = readWriteOptions(exchange);
  if (part === 'status') {
    const status = { ...(body.status as object | null | undefined), phase: before.status?.phase ?? 'Active' };
    return sendJson(response, 200, kept.update('namespaces', { ...before, status } as Namespace, { dryRun }));
  }
  const { finalizers } = (body.spec ?? {}) as { finalizers?: readonly unknown[] | null };
  const isLast = (finalizers ?? []).length === 0 && (before.metadata.finalizers ?? []).length === 0;
  const isOver = isLast && before.metadata.deletionTimestamp !== undefined;
  if (isOver && !dryRun) kept.forget('namespaces', before);
  sendJson(response, 200, before);
}
