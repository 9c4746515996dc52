import { groupVersionOf, type KindFacts } from '../api/kinds.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import { AppError } from '../lib/app-error.js';
import { textOf } from '../lib/text-of.js';
import type { Exchange } from './exchange.js';
import { applyPatch, isApply } from './patch/apply-patch.js';
import { refuseDepth } from './refuse-depth.js';
import { withoutNulls } from './without-nulls.js';
import { readWriteOptions } from './write-options.js';

export type Body = Readonly<Record<string, unknown>>;

/** The object that a PUT sends, or that a PATCH makes of `before`. Throws Usage, SpecInvalid, UnsupportedMediaType. */
export const bodyOfChange = (facts: KindFacts, before: object, sent: unknown, exchange: Exchange): Body =>
  exchange.method === 'PUT' ? checked(facts, sent) : applied(facts, before, sent, exchange);

/** The object that a PATCH makes of `before`. Throws Usage, SpecInvalid, UnsupportedMediaType. */
export function applied(facts: KindFacts, before: object, sent: unknown, exchange: Exchange): Body {
  const { fieldManager } = readWriteOptions(exchange);
  const contentType = exchange.request.headers['content-type'] ?? '';
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const body = applyPatch(facts, before, sent, { contentType, fieldManager, now });
  refuseDepth(body);
  return checked(facts, body);
}

/** Who applied what is written down by apply patches alone. */
export function withManagers(metadata: ObjectMeta, given: object, { request }: Exchange): ObjectMeta {
  const { managedFields } = given as Pick<ObjectMeta, 'managedFields'>;
  const isNew = isApply(request.headers['content-type'] ?? '') && managedFields !== undefined;
  return isNew ? { ...metadata, managedFields } : metadata;
}

/** The body as an object of this kind. Throws Usage. */
export function checked(facts: KindFacts, body: unknown): Body {
  if (body === undefined)
    throw new AppError('Usage', 'the request has no body', { hint: `send a ${facts.kind}` });
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AppError('Usage', 'the request body is no object');
  const present = withoutNulls(body) as Body;
  // A real server knows what its own kinds must be; those of definitions must say it.
  const isDefined = facts.group.includes('.');
  const { kind = isDefined ? '' : facts.kind, metadata } = present;
  const { apiVersion = isDefined ? '' : groupVersionOf(facts) } = present;
  if (kind === '')
    throw new AppError('Usage', "Object 'Kind' is missing in the request body", {
      hint: `kind: ${facts.kind}`,
    });
  if (apiVersion !== groupVersionOf(facts))
    throw new AppError(
      'Usage',
      `the API version in the data (${textOf(apiVersion)}) does not match the expected API version (${groupVersionOf(facts)})`,
    );
  if (kind !== facts.kind)
    throw new AppError(
      'Usage',
      `${textOf(kind)} in version ${JSON.stringify(facts.version)} cannot be handled as a ${facts.kind}`,
    );
  if (metadata !== undefined && (typeof metadata !== 'object' || Array.isArray(metadata)))
    throw new AppError('Usage', 'metadata: a map is expected');
  return present;
}

export const metadataOf = (body: Body): Record<string, unknown> =>
  (body.metadata ?? {}) as Record<string, unknown>;
