import { join } from 'node:path';
import { annotation } from '../api/labels.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import type { ResourceName } from '../api/types/resources.js';
import { jsonFolder } from './json-folder.js';
import { objectFileKey } from './object-files.js';

/** What only the API knows of an object that stands in a watched file: it never goes into that file. */
type Mark = Pick<
  ObjectMeta,
  | 'namespace'
  | 'name'
  | 'uid'
  | 'creationTimestamp'
  | 'finalizers'
  | 'ownerReferences'
  | 'managedFields'
  | 'annotations'
> & { resource: ResourceName };

export interface WatchedMarks {
  all(): Mark[];
  /** For the object of that name, when it comes (back) into the store; undefined when it is another one. */
  recall(resource: ResourceName, metadata: ObjectMeta): Partial<ObjectMeta> | undefined;
  /** Nothing is written when nothing changed. Throws StateNotWritable. */
  keep(resource: ResourceName, metadata: ObjectMeta): void;
  remove(resource: ResourceName, at: { namespace: string; name: string }): void;
}

export const watchedResources = [
  'modelservings',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
] as const satisfies readonly ResourceName[];

/** Those marks under `<directory>/objects/watched`, one file each. */
export function openWatchedMarks(
  directory: string,
  onProblem: (message: string) => void = () => {},
): WatchedMarks {
  const folder = jsonFolder<Mark>(join(directory, 'objects', 'watched'), {
    isWhole: ({ resource, name, uid }) => Boolean(resource && name && uid),
    onProblem,
  });
  const keyOf = (resource: ResourceName, at: { namespace: string; name: string }) =>
    `${resource}_${objectFileKey(at)}`;
  return {
    all: () => folder.all(),
    recall(resource, metadata) {
      const mark = folder.get(keyOf(resource, metadata));
      if (!mark || (metadata.uid !== undefined && metadata.uid !== mark.uid)) return undefined;
      const { resource: _resource, namespace: _namespace, name: _name, annotations, ...rest } = mark;
      return { ...rest, ...(annotations && { annotations: { ...metadata.annotations, ...annotations } }) };
    },
    keep(resource, metadata) {
      const { namespace, name, uid, creationTimestamp } = metadata;
      folder.write(keyOf(resource, metadata), {
        resource,
        namespace,
        name,
        ...(uid && { uid }),
        ...(creationTimestamp && { creationTimestamp }),
        ...apiMetadata(metadata),
      });
    },
    remove: (resource, at) => folder.remove(keyOf(resource, at)),
  };
}

/** The metadata that comes from the API alone, also where a file says the rest. Pure. */
export function apiMetadata(
  metadata: ObjectMeta | undefined,
): Pick<ObjectMeta, 'finalizers' | 'ownerReferences' | 'managedFields' | 'annotations'> {
  const { finalizers, ownerReferences, managedFields, annotations } = metadata ?? {};
  const applied = annotations?.[annotation.lastApplied];
  return {
    ...(finalizers && { finalizers }),
    ...(ownerReferences && { ownerReferences }),
    ...(managedFields && { managedFields }),
    ...(applied !== undefined && { annotations: { [annotation.lastApplied]: applied } }),
  };
}
