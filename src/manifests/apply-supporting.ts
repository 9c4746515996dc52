import type { Diagnostic } from '../api/diagnostic.js';
import { annotation } from '../api/labels.js';
import {
  changedThoughImmutable,
  type SupportingObject,
  supportingResources,
} from '../api/read-supporting.js';
import type { ObjectStore } from '../store/object-store.js';
import { apiMetadata } from '../store/watched-marks.js';

type Located = SupportingObject & { line: number };
type SupportingRef = { resource: SupportingObject['resource']; namespace: string; name: string };

/** What pods refer to, by the file it comes from. */
export const supportingOf = (store: ObjectStore, file: string): SupportingRef[] =>
  supportingResources.flatMap((resource) =>
    store
      .list(resource)
      .items.filter((each) => each.metadata.annotations?.[annotation.file] === file)
      .map(({ metadata: { namespace, name } }) => ({ resource, namespace, name })),
  );

/** Puts an object into force as the file says it; nothing is written where nothing changed. */
export function upsertSupporting(
  store: ObjectStore,
  file: string,
  { resource, object }: SupportingObject,
): void {
  const { namespace, name } = object.metadata;
  const before = store.get(resource, namespace, name);
  const { annotations: applied, ...ofApi } = apiMetadata(before?.metadata);
  const { deletionTimestamp, deletionGracePeriodSeconds } = before?.metadata ?? {};
  const metadata = {
    ...object.metadata,
    ...ofApi,
    // One that its file let go of and its finalizers hold still goes.
    ...(deletionTimestamp && { deletionTimestamp, deletionGracePeriodSeconds }),
    annotations: { ...object.metadata.annotations, [annotation.file]: file, ...applied },
  };
  // The three kinds are stored alike, which the union of their types does not show.
  const next = { ...object, metadata } as never;
  if (before) store.update(resource, next);
  else store.create(resource, next);
}

/** What only the state in force can tell: a name that another file has, data that may not change. */
export function supportingConflicts(store: ObjectStore, file: string, located: Located): Diagnostic[] {
  const { resource, object, line } = located;
  const { namespace, name } = object.metadata;
  const before = store.get(resource, namespace, name);
  if (!before) return [];
  const error = (code: string, fieldPath: string, message: string, hint: string): Diagnostic[] => [
    { severity: 'error', code, message, hint, file, line, column: 1, pointer: '', fieldPath },
  ];
  const owner = before.metadata.annotations?.[annotation.file];
  if (owner !== undefined && owner !== file)
    return error(
      'DuplicateName',
      'metadata.name',
      `the ${object.kind} ${namespace}/${name} comes from ${owner} already`,
      'rename one of them, or delete that one first',
    );
  if (before.kind === 'Secret' && object.kind === 'Secret' && before.type !== object.type)
    return error(
      'Immutable',
      'type',
      `the Secret ${namespace}/${name} is of the type ${before.type}, which may not change`,
      'put the old type back, or give the new one another name',
    );
  const field = changedThoughImmutable(before, object);
  if (field === undefined) return [];
  return error(
    'Immutable',
    field,
    `the ${object.kind} ${namespace}/${name} is immutable, and its ${field} differs`,
    'put the old content back, or give the new one another name',
  );
}
