import type { KindFacts } from '../api/kinds.js';
import { annotation, label } from '../api/labels.js';
import { parseDeletionCost } from '../api/parse-deletion-cost.js';
import { AppError } from '../lib/app-error.js';
import { stableJson } from '../lib/stable-json.js';
import { asTold, withDefaults } from './as-told.js';
import { bodyOfChange, metadataOf } from './body-of-change.js';
import { judgeFields } from './duplicate-fields.js';
import { type Exchange, readBody, sendJson } from './exchange.js';
import { invalidField } from './invalid-field.js';
import { warn } from './judge-written.js';
import type { PodAccess } from './pod-requests.js';
import { metaOfChanged } from './write-meta.js';
import type { WriteParts } from './write-objects.js';
import { readWriteOptions } from './write-options.js';

const ours = new Set<string>([
  ...Object.values(label),
  annotation.gpus,
  annotation.publishedPorts,
  annotation.standIn,
]);

/**
 * PATCH and PUT of a Pod: its labels and annotations, which are kept on disk and never replace a container; finalizers and owners of one that
 * no ModelServing has made. Anything else of a Pod is fixed when it is made. Throws NotFound, SpecInvalid, Conflict.
 */
export async function editPod(
  { store, kept }: WriteParts,
  kubelet: PodAccess,
  facts: KindFacts,
  exchange: Exchange,
): Promise<void> {
  const { response, params, request } = exchange;
  const { isDryRun } = readWriteOptions(exchange);
  const body = await readBody(request);
  const { namespace = '', name = '' } = params;
  const before = store.get('pods', namespace, name);
  if (!before) throw new AppError('NotFound', `pods "${name}" not found`);
  warn(exchange, judgeFields(exchange));
  const wanted = bodyOfChange(facts, asTold(before), body, exchange);
  const metadata = metaOfChanged(before.metadata, metadataOf(wanted));
  const isOwn = kept.has('pods', before.metadata);
  if (
    stableJson(asTold({ ...before, spec: wanted.spec ?? null }).spec) !==
    stableJson(withDefaults(before.spec))
  )
    throw refused(
      'spec',
      'of a Pod that exists, only labels and annotations can be changed',
      isOwn ? 'delete it and make it anew' : editTemplate,
    );
  for (const field of ['finalizers', 'ownerReferences'] as const)
    if (!isOwn && stableJson(metadata[field] ?? []) !== stableJson(before.metadata[field] ?? []))
      throw refused(
        `metadata.${field}`,
        'a Pod of a ModelServing has those that its controller gives it',
        editTemplate,
      );
  const cost = metadata.annotations?.[annotation.podDeletionCost];
  if (cost !== undefined && parseDeletionCost(cost) === undefined)
    throw invalidField(
      `metadata.annotations[${annotation.podDeletionCost}]`,
      `Invalid value: ${JSON.stringify(cost)}: must be a 32bit integer`,
      { hint: 'write for example -10; what has the lower cost goes first' },
    );
  const marks = {
    labels: changed(before.metadata.labels, metadata.labels, 'labels'),
    annotations: changed(before.metadata.annotations, metadata.annotations, 'annotations'),
  };
  const next = { ...before, metadata };
  if (isDryRun) return sendJson(response, 200, next);
  if (Object.keys({ ...marks.labels, ...marks.annotations }).length > 0)
    kubelet.keepMarks(before.metadata.uid ?? '', marks);
  sendJson(response, 200, isOwn ? kept.update('pods', next) : store.update('pods', next));
}

const editTemplate = 'edit the template of its role';

const refused = (field: string, why: string, hint: string): AppError =>
  invalidField(field, `Forbidden: ${why}`, { reason: 'FieldValueForbidden', hint });

type Marks = Record<string, string>;

/** null: taken away. */
function changed(before: Marks = {}, after: Marks = {}, what: string): Record<string, string | null> {
  const found: Record<string, string | null> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const value = after[key] ?? null;
    if (value === (before[key] ?? null)) continue;
    if (value !== null && typeof value !== 'string')
      throw invalidField(`metadata.${what}`, `the value of ${key} is not a string`);
    if (ours.has(key))
      throw invalidField(`metadata.${what}`, `Forbidden: ${key} is set by minithena and cannot be changed`, {
        reason: 'FieldValueForbidden',
      });
    found[key] = value;
  }
  return found;
}
