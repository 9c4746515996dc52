import type { KindFacts } from '../../api/kinds.js';
import { AppError } from '../../lib/app-error.js';
import { invalidOptions } from '../write-options.js';
import { jsonPatch } from './json-patch.js';
import { isMap } from './merge-key.js';
import { mergePatch } from './merge-patch.js';
import { serverSideApply } from './server-side-apply.js';
import { strategicMerge } from './strategic-merge.js';

const types = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export interface PatchRequest {
  readonly contentType: string;
  readonly fieldManager: string | undefined;
  /** RFC 3339. */
  readonly now: string;
}

/** Whether a content type is that of an apply patch, which may also create. */
export const isApply = (contentType: string): boolean => mediaTypeOf(contentType) === types.apply;

/**
 * What a PATCH makes of an object of this kind; `before` stays as it is. Throws UnsupportedMediaType, Usage for a patch that cannot be
 * understood, SpecInvalid for one that does not fit. Pure.
 */
export function applyPatch(
  facts: Pick<KindFacts, 'group'>,
  before: object,
  patch: unknown,
  { contentType, fieldManager, now }: PatchRequest,
): unknown {
  const type = mediaTypeOf(contentType);
  if (type === types.json) return jsonPatch(before, patch);
  if (type === types.apply) {
    if (!fieldManager) throw missingManager;
    return serverSideApply({ ...before }, patch, { manager: fieldManager, now });
  }
  if (type !== types.merge && !(type === types.strategic && hasStrategy(facts)))
    throw unsupported(facts, type);
  if (!isMap(patch)) throw new AppError('Usage', 'the patch is no object');
  return type === types.merge ? mergePatch(before, patch) : strategicMerge(before, patch);
}

const mediaTypeOf = (contentType: string): string => (contentType.split(';')[0] ?? '').trim().toLowerCase();

/**
 * As on a real server, the kinds that are defined by CustomResourceDefinitions have none: its lists have no keys there. Nor has the Scale of
 * one, and there is no other here.
 */
const hasStrategy = ({ group }: Pick<KindFacts, 'group'>): boolean =>
  group !== 'autoscaling' && (!group.includes('.') || group.endsWith('.k8s.io'));

function unsupported(facts: Pick<KindFacts, 'group'>, type: string): AppError {
  const accepted = Object.values(types).filter((each) => each !== types.strategic || hasStrategy(facts));
  return new AppError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    type === types.strategic ? { hint: 'with kubectl patch: --type=merge' } : {},
  );
}

const missingManager = invalidOptions('PatchOptions', [
  {
    reason: 'FieldValueRequired',
    message: 'Required value: is required for apply patch',
    field: 'fieldManager',
  },
]);
