import type { KindFacts } from '../api/kinds.js';
import { changedThoughImmutable, type SupportingObject } from '../api/read-supporting.js';
import type { AnyResource } from '../api/types/resources.js';
import { stableJson } from '../lib/stable-json.js';
import { bodyOfChange, metadataOf, withManagers } from './body-of-change.js';
import type { Exchange } from './exchange.js';
import { invalidField } from './invalid-field.js';
import { invalid, judgeWritten } from './judge-written.js';
import { metaOfChanged } from './write-meta.js';

/** What a PUT or PATCH makes of a stored object, judged like any write. Throws Usage, Conflict, SpecInvalid, UnsupportedMediaType. */
export function changedObject(
  facts: KindFacts,
  before: AnyResource,
  sent: unknown,
  exchange: Exchange,
): AnyResource {
  const body = bodyOfChange(facts, before, sent, exchange);
  const given = metadataOf(body);
  const metadata = withManagers(metaOfChanged(before.metadata, given), given, exchange);
  // As of all custom resources: who replaces a whole one must have seen it.
  if (exchange.method === 'PUT' && facts.group.includes('.') && !given.resourceVersion)
    throw invalidField('metadata.resourceVersion', 'Invalid value: 0x0: must be specified for an update');
  const read = judgeWritten(facts, body, metadata, exchange, before);
  refuseImmutable(facts, before, read);
  const { status } = before as { status?: unknown };
  const { status: _status, ...rest } = read as AnyResource & { status?: unknown };
  return { ...rest, ...(status !== undefined && { status }) } as AnyResource;
}

/** What may not change once it is there. Throws SpecInvalid. */
function refuseImmutable(facts: KindFacts, before: AnyResource, after: AnyResource): void {
  const refuse = (field: string, message: string): never => {
    throw invalid(facts, before.metadata.name, [
      { severity: 'error', code: 'Immutable', message, path: field.split('.') },
    ]);
  };
  if (before.kind === 'Secret' && after.kind === 'Secret' && before.type !== after.type)
    refuse('type', `Invalid value: ${JSON.stringify(after.type)}: field is immutable`);
  if (before.kind === 'PersistentVolumeClaim' && after.kind === 'PersistentVolumeClaim') {
    if (stableJson(before.spec) !== stableJson(after.spec))
      refuse('spec', 'Forbidden: spec is immutable after creation');
  }
  if (before.kind === 'ConfigMap' || before.kind === 'Secret') {
    const field = changedThoughImmutable(before, after as SupportingObject['object']);
    if (field !== undefined) refuse(field, 'Forbidden: field is immutable when `immutable` is set');
  }
}
