import { randomUUID } from 'node:crypto';
import { annotation } from '../api/labels.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import type { AnyResource, ResourceName } from '../api/types/resources.js';
import { AppError, messageOf } from '../lib/app-error.js';
import type { Clock } from '../lib/clock.js';
import { stableJson } from '../lib/stable-json.js';
import { secondsText } from '../lib/time-text.js';
import { isKeptResource, type KeptResource, keptResources, type ObjectFiles } from './object-files.js';
import type { ObjectStore } from './object-store.js';
import { apiMetadata, type WatchedMarks, watchedResources } from './watched-marks.js';

/** Writes of objects that live in files of ours: on disk first, then in the store, so that what was answered survives a kill. */
export interface KeptObjects {
  has(resource: ResourceName, at: { namespace: string; name: string }): boolean;
  /**
   * Fills in uid, creationTimestamp and generation. What has no file (events) is in the store alone. With `dryRun`, tells what would be.
   * Throws AlreadyExists, StateNotWritable.
   */
  create(resource: ResourceName, object: AnyResource, mode?: Mode): AnyResource;
  /**
   * Replaces the stored object; identity, age and generation are kept. One that is being deleted and waits for nothing more goes. With `dryRun`,
   * tells what would be. Throws StateNotWritable.
   */
  update(resource: ResourceName, object: AnyResource, mode?: Mode): AnyResource;
  /**
   * Deletes as Kubernetes does: what has finalizers, containers or contents is marked, and goes when they have gone; the rest goes at once.
   * Answers with what is left of it. Also for objects without a file.
   */
  remove(resource: ResourceName, object: AnyResource, graceSeconds?: number): AnyResource | undefined;
  /** Takes the object and its file away at once, whatever it waits for. */
  forget(resource: ResourceName, object: AnyResource): void;
  /** Gives an object of a watched file what only the API knows: finalizers, owners, kubectl's own annotation. Throws StateNotWritable. */
  mark(resource: ResourceName, object: AnyResource, wanted: Partial<ObjectMeta>): AnyResource;
  /** Forgets what was known of objects of watched files that are not there any more. To be called once all files have been read. */
  forgetAbsent(): void;
  /** What this owner has, or any: a look at what was written last. */
  owned(uid?: string): ReturnType<ObjectFiles['all']>;
  /** Puts the finalizer there that holds an object until what it owns, and blocks it, has gone. */
  holdForDependents(resource: ResourceName, object: AnyResource): AnyResource;
  /** Takes the references to this owner out of what it owns. */
  orphan(owner: AnyResource): void;
  close(): void;
}

interface Mode {
  readonly dryRun: boolean;
}

/** These go when their containers, or the objects in them, have gone. */
const goesLater: readonly ResourceName[] = ['pods', 'modelservings', 'namespaces'];
/** Whether nothing is left of an object as soon as it is deleted. */
export const goesAtOnce = (resource: ResourceName, { metadata: { finalizers = [] } }: AnyResource): boolean =>
  finalizers.length === 0 && !goesLater.includes(resource);

/** What a watched file may hold as well: where it comes from is told alike. */
const showsFile = (resource: ResourceName): resource is (typeof watchedResources)[number] =>
  (watchedResources as readonly string[]).includes(resource);

/** Puts every kept object back into the store under its old uid, and keeps the files after the store from then on. */
export function keepObjects(options: {
  store: ObjectStore;
  files: ObjectFiles;
  marks: WatchedMarks;
  clock: Clock;
  onProblem(message: string): void;
}): KeptObjects {
  const { store, files, marks, clock, onProblem } = options;
  for (const { resource, object } of files.all()) restore(store, resource, object);
  // Its file was lost or cannot be read, but there is a record of it.
  for (const each of store.list('modelservings').items) {
    const file = each.metadata.annotations?.[annotation.file];
    const isLost = !files.get('modelservings', each.metadata);
    if (isLost && file === files.pathOf('modelservings', each.metadata)) files.write('modelservings', each);
  }

  const isSame = (resource: ResourceName, { metadata }: AnyResource) =>
    files.get(resource, metadata)?.metadata.uid === metadata.uid;
  const now = () => secondsText(clock.now());
  const changed = (resource: ResourceName, object: AnyResource): AnyResource => {
    const before = store.get(resource, object.metadata.namespace, object.metadata.name);
    const isChanged = stableJson(specOf(before)) !== stableJson(specOf(object));
    const generation = (before?.metadata.generation ?? 1) + (isChanged ? 1 : 0);
    return { ...object, metadata: { ...object.metadata, generation } } as AnyResource;
  };
  const replace = (resource: ResourceName, object: AnyResource): AnyResource => {
    const { resourceVersion: _version, ...metadata } = changed(resource, object).metadata;
    const next = { ...object, metadata } as never;
    // A Namespace that a file of manifests brought about is kept as soon as somebody says something of it.
    if (resource === 'namespaces' || (isKeptResource(resource) && isSame(resource, object)))
      files.write(resource, next);
    return store.update(resource, next);
  };
  const drop = (resource: ResourceName, object: AnyResource) => {
    if (isSame(resource, object)) files.remove(resource, object.metadata);
    const stored = store.get(resource, object.metadata.namespace, object.metadata.name);
    if (stored?.metadata.finalizers && stored.metadata.uid === object.metadata.uid) {
      const { finalizers: _held, ...free } = stored.metadata;
      store.update(resource, { ...stored, metadata: free } as never);
    }
    store.remove(resource, object.metadata);
  };

  const owned: KeptObjects['owned'] = (uid) =>
    files
      .all()
      .filter(({ object: { metadata } }) =>
        metadata.ownerReferences?.some((owner) => uid === undefined || owner.uid === uid),
      );

  // The scheduler binds, the controllers mark and remove: the files follow.
  const watches = keptResources.map((resource) =>
    store.watch(resource, ({ type, object }) => {
      if (!isSame(resource, object)) return;
      try {
        const stored = store.get(resource, object.metadata.namespace, object.metadata.name);
        if (type === 'DELETED') files.remove(resource, object.metadata);
        else if (stored?.metadata.uid === object.metadata.uid) files.write(resource, stored as AnyResource);
      } catch (error) {
        onProblem(messageOf(error));
      }
    }),
  );

  /** What stands in watched files keeps its identity over restarts, as those expect who refer to it. */
  const follow = watchedResources.map((resource) =>
    store.watch(resource, ({ type, object: { metadata } }) => {
      if (metadata.annotations?.[annotation.file] === undefined || files.get(resource, metadata)) return;
      try {
        const stored = store.get(resource, metadata.namespace, metadata.name);
        if (stored) marks.keep(resource, stored.metadata);
        else if (type === 'DELETED') marks.remove(resource, metadata);
      } catch (error) {
        onProblem(messageOf(error));
      }
    }),
  );

  return {
    has: (resource, at) => files.get(resource, at) !== undefined,
    create(resource, object, mode) {
      const { namespace, name, annotations } = object.metadata;
      if (store.get(resource, namespace, name))
        throw new AppError('AlreadyExists', `${resource} "${name}" already exists`);
      const whole = {
        ...object,
        metadata: {
          ...object.metadata,
          ...(showsFile(resource) && {
            annotations: { ...annotations, [annotation.file]: files.pathOf(resource, object.metadata) },
          }),
          uid: randomUUID(),
          creationTimestamp: now(),
          generation: 1,
        },
      } as never;
      if (mode?.dryRun) return whole;
      if (isKeptResource(resource)) files.write(resource, whole);
      return store.create(resource, whole);
    },
    update(resource, object, mode) {
      if (mode?.dryRun) return changed(resource, object);
      if (object.metadata.deletionTimestamp && goesAtOnce(resource, object)) {
        drop(resource, object);
        return object;
      }
      return replace(resource, object);
    },
    remove(resource, object, graceSeconds) {
      const { namespace, name, deletionTimestamp } = object.metadata;
      if (resource === 'pods' || resource === 'modelservings') {
        store.markDeleted(resource, object.metadata, graceSeconds);
        const marked = store.get(resource, namespace, name);
        if (marked && isSame(resource, marked)) files.write(resource, marked);
        return marked;
      }
      if (goesAtOnce(resource, object)) {
        drop(resource, object);
        return undefined;
      }
      if (deletionTimestamp) return object;
      // A Namespace goes when it is empty, not when the last finalizer goes.
      const isNamespace = resource === 'namespaces';
      const mark = { deletionTimestamp: now(), ...(!isNamespace && { deletionGracePeriodSeconds: 0 }) };
      const phase = isNamespace ? { status: { phase: 'Terminating' } } : {};
      return replace(resource, {
        ...object,
        ...phase,
        metadata: { ...object.metadata, ...mark },
      } as AnyResource);
    },
    forget: drop,
    forgetAbsent() {
      for (const { resource, namespace, name } of marks.all())
        if (!store.get(resource, namespace, name)) marks.remove(resource, { namespace, name });
    },
    mark(resource, object, wanted) {
      const {
        resourceVersion: _v,
        finalizers: _f,
        ownerReferences: _o,
        managedFields: _m,
        ...rest
      } = object.metadata;
      const { [annotation.lastApplied]: _applied, ...others } = rest.annotations ?? {};
      const { annotations, ...given } = apiMetadata(wanted as ObjectMeta);
      const metadata = { ...rest, ...given, annotations: { ...others, ...annotations } };
      marks.keep(resource, metadata);
      return store.update(resource, { ...object, metadata } as never);
    },
    owned,
    holdForDependents(resource, object) {
      const { finalizers = [], ...metadata } = object.metadata;
      if (finalizers.includes(foregroundDeletion)) return object;
      const held = { ...metadata, finalizers: [...finalizers, foregroundDeletion] };
      return replace(resource, { ...object, metadata: held } as AnyResource);
    },
    orphan({ metadata: { uid } }) {
      for (const { resource, object } of owned(uid)) {
        const each = store.get(resource, object.metadata.namespace, object.metadata.name);
        if (!each || !isSame(resource, each)) continue;
        const { ownerReferences = [], ...metadata } = each.metadata;
        const others = ownerReferences.filter((owner) => owner.uid !== uid);
        const owners = others.length > 0 ? { ownerReferences: others } : {};
        replace(resource, { ...each, metadata: { ...metadata, ...owners } } as AnyResource);
      }
    },
    close() {
      for (const each of [...watches, ...follow]) each.close();
    },
  };
}

/** Of Kubernetes. */
export const foregroundDeletion = 'foregroundDeletion';

const specOf = (object: AnyResource | undefined): unknown =>
  (object as { spec?: unknown } | undefined)?.spec ?? null;

/** What a record brought back already gets what only the file knows: labels, and a spec that was written and not yet looked at. */
function restore(store: ObjectStore, resource: KeptResource, object: AnyResource): void {
  const { namespace, name } = object.metadata;
  const before = store.get(resource, namespace, name);
  if (!before) {
    store.create(resource, object as never);
    return;
  }
  const { uid, deletionTimestamp } = before.metadata;
  if (uid !== object.metadata.uid) return;
  const metadata = { ...object.metadata, ...(deletionTimestamp && { deletionTimestamp }) };
  store.update(resource, { ...object, metadata } as never);
}
