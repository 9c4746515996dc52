import { AppError } from '../../lib/app-error.js';
import { stableJson } from '../../lib/stable-json.js';
import { fieldsOf, type ManagedFields, withoutFields } from './managed-fields.js';
import { isMap } from './merge-key.js';
import { strategicMerge } from './strategic-merge.js';

/**
 * An apply patch: what the manager applied before and leaves out now goes, unless another has applied it too; the rest is merged, lists by
 * their keys. There are no conflicts: whoever applies last is right. Throws Usage. Pure.
 */
export function serverSideApply(
  before: Readonly<Record<string, unknown>>,
  patch: unknown,
  { manager, now }: { manager: string; now: string },
): unknown {
  if (!isMap(patch)) throw new AppError('Usage', 'an apply patch is an object');
  const { apiVersion, kind, metadata, status: _status, ...config } = patch;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string')
    throw new AppError('Usage', 'invalid object type: an apply patch has apiVersion and kind');
  const { name: _name, namespace: _namespace, managedFields, ...meta } = isMap(metadata) ? metadata : {};
  if (managedFields !== undefined) throw new AppError('Usage', 'metadata.managedFields must be nil');
  const { resourceVersion: _version, uid: _uid, ...marks } = meta;
  const applied = { ...config, metadata: marks };
  const all = managedIn(before);
  const fieldsV1 = fieldsOf(applied);
  const own = all.find((each) => each.manager === manager);
  const others = all.filter((each) => each.manager !== manager);
  const left = own
    ? withoutFields(before, own.fieldsV1, [fieldsV1, ...others.map((each) => each.fieldsV1)])
    : before;
  const isAsBefore = own && stableJson(own.fieldsV1) === stableJson(fieldsV1);
  const entry: ManagedFields = isAsBefore
    ? own
    : { manager, operation: 'Apply', apiVersion, time: now, fieldsType: 'FieldsV1', fieldsV1 };
  const merged = strategicMerge(left, { ...config, ...(isMap(metadata) && { metadata }) }) as Record<
    string,
    unknown
  >;
  return {
    ...merged,
    apiVersion,
    kind,
    metadata: { ...(isMap(merged.metadata) && merged.metadata), managedFields: [...others, entry] },
  };
}

const managedIn = ({ metadata }: Readonly<Record<string, unknown>>): ManagedFields[] =>
  isMap(metadata) && Array.isArray(metadata.managedFields) ? metadata.managedFields : [];
