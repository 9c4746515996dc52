import { groupVersionOf, kinds } from '../api/kinds.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import type { AnyResource } from '../api/types/resources.js';
import { foregroundDeletion, type KeptObjects } from '../store/kept-objects.js';
import { type KeptResource, keptResources } from '../store/object-files.js';
import type { ObjectStore } from '../store/object-store.js';

type Owner = NonNullable<ObjectMeta['ownerReferences']>[number];

/**
 * Deletes the objects of the API whose owners have all gone, as Kubernetes' garbage collector does in the background. An owner that is deleted
 * in the foreground goes last: what it owns is deleted now, and what of that blocks it holds it until then. Of a kind that is not served here
 * nobody knows whether its owner lives: then it stays.
 */
export function collectGarbage({ store, kept }: { store: ObjectStore; kept: KeptObjects }): {
  close(): void;
} {
  /** The owner as it is stored; 'unknown' where its kind is not served. */
  const ownerOf = ({ apiVersion, kind, name, uid }: Owner, namespace: string) => {
    const facts = kinds.find((each) => each.kind === kind && groupVersionOf(each) === apiVersion);
    if (!facts) return 'unknown';
    const found = store.get(facts.resource, facts.namespaced ? namespace : '', name);
    return found?.metadata.uid === uid
      ? { resource: facts.resource, object: found as AnyResource }
      : undefined;
  };
  const holds = (owner: Owner, namespace: string): boolean => {
    const found = ownerOf(owner, namespace);
    return found === 'unknown' || (found !== undefined && !waitsForDependents(found.object));
  };
  const storedOf = ({ resource, object }: ReturnType<KeptObjects['owned']>[number]) =>
    store.get(resource, object.metadata.namespace, object.metadata.name) as AnyResource | undefined;
  const collect = (resource: KeptResource, object: AnyResource) => {
    const { namespace, uid, ownerReferences = [], deletionTimestamp } = object.metadata;
    if (ownerReferences.length === 0 || deletionTimestamp || !kept.has(resource, object.metadata)) return;
    if (ownerReferences.some((owner) => holds(owner, namespace))) return;
    const isAsked = ownerReferences.some((owner) => ownerOf(owner, namespace) !== undefined);
    // In the foreground all the way down.
    const isOwner = isAsked && kept.owned(uid).length > 0;
    kept.remove(resource, isOwner ? kept.holdForDependents(resource, object) : object);
  };
  const look = (resource: KeptResource, object: AnyResource) => {
    if (!waitsForDependents(object)) collect(resource, object);
    else if (kept.has(resource, object.metadata)) endForeground(resource, object);
  };
  /** Whether the one owns the other, or what owns it, and so on. */
  const reaches = (from: string | undefined, to: string | undefined, seen = new Set<unknown>()): boolean =>
    kept.owned(from).some(({ object: { metadata } }) => {
      if (metadata.uid === to) return true;
      if (seen.has(metadata.uid)) return false;
      seen.add(metadata.uid);
      return reaches(metadata.uid, to, seen);
    });
  const endForeground = (resource: KeptResource, object: AnyResource) => {
    const { uid } = object.metadata;
    for (const each of kept.owned(uid)) {
      const stored = storedOf(each);
      if (stored) collect(each.resource, stored);
    }
    const blocks = kept.owned(uid).some((each) => {
      const stored = storedOf(each);
      if (!stored) return false;
      const { namespace, ownerReferences = [] } = stored.metadata;
      const isOurs = ownerReferences.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true);
      // What another owner keeps is not waited for, nor what would wait for this one.
      const isKept = ownerReferences.some((owner) => holds(owner, namespace));
      return isOurs && !isKept && !reaches(stored.metadata.uid, uid);
    });
    const newest = storedOf({ resource, object });
    if (blocks || !newest || newest.metadata.uid !== uid) return;
    const { finalizers = [], ...metadata } = newest.metadata;
    const left = finalizers.filter((each) => each !== foregroundDeletion);
    const free = { ...metadata, ...(left.length > 0 && { finalizers: left }) };
    kept.update(resource, { ...newest, metadata: free } as AnyResource);
  };
  const lookAt = (owned: ReturnType<KeptObjects['owned']>) => {
    for (const each of owned) {
      const stored = storedOf(each);
      if (stored) look(each.resource, stored);
    }
  };
  /** Those who may wait for this one. */
  const lookAtOwners = ({ metadata: { namespace, ownerReferences = [] } }: AnyResource) => {
    for (const owner of ownerReferences) {
      const found = ownerOf(owner, namespace);
      const resource = keptResources.find((each) => typeof found === 'object' && each === found.resource);
      if (resource && typeof found === 'object') look(resource, found.object);
    }
  };
  const watches = kinds.map(({ resource }) =>
    store.watch(resource, ({ type, object }) => {
      if (type === 'DELETED') {
        lookAt(kept.owned(object.metadata.uid));
        return lookAtOwners(object as AnyResource);
      }
      const kind = keptResources.find((each) => each === resource);
      const { namespace, name, ownerReferences, finalizers } = object.metadata;
      const stored = kind && (ownerReferences ?? finalizers) ? store.get(kind, namespace, name) : undefined;
      if (kind && stored) look(kind, stored);
    }),
  );
  lookAt(kept.owned());
  for (const resource of keptResources) for (const each of store.list(resource).items) look(resource, each);
  return {
    close() {
      for (const each of watches) each.close();
    },
  };
}

const waitsForDependents = ({ metadata }: AnyResource): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(foregroundDeletion) === true;
