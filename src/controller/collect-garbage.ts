import { groupVersionOf, kinds } from '../api/kinds.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import type { AnyResource } from '../api/types/resources.js';
import type { KeptObjects } from '../store/kept-objects.js';
import { type KeptResource, keptResources } from '../store/object-files.js';
import type { ObjectStore } from '../store/object-store.js';

type Owner = NonNullable<ObjectMeta['ownerReferences']>[number];

/**
 * Deletes the objects of the API whose owners have all gone, as Kubernetes' garbage collector does in the background. Of a kind that is not
 * served here nobody knows whether its owner lives: then it stays.
 */
export function collectGarbage({ store, kept }: { store: ObjectStore; kept: KeptObjects }): {
  close(): void;
} {
  const lives = ({ apiVersion, kind, name, uid }: Owner, namespace: string): boolean => {
    const facts = kinds.find((each) => each.kind === kind && groupVersionOf(each) === apiVersion);
    if (!facts) return true;
    return store.get(facts.resource, facts.namespaced ? namespace : '', name)?.metadata.uid === uid;
  };
  const look = (resource: KeptResource, object: AnyResource) => {
    const { namespace, ownerReferences = [], deletionTimestamp } = object.metadata;
    if (ownerReferences.length === 0 || deletionTimestamp || !kept.has(resource, object.metadata)) return;
    if (!ownerReferences.some((owner) => lives(owner, namespace))) kept.remove(resource, object);
  };
  const lookAt = (owned: ReturnType<KeptObjects['owned']>) => {
    for (const { resource, object } of owned) {
      const stored = store.get(resource, object.metadata.namespace, object.metadata.name);
      if (stored) look(resource, stored);
    }
  };
  const watches = kinds.map(({ resource }) =>
    store.watch(resource, ({ type, object }) => {
      if (type === 'DELETED') return lookAt(kept.owned(object.metadata.uid));
      const kind = keptResources.find((each) => each === resource);
      const { namespace, name, ownerReferences } = object.metadata;
      const stored = kind && ownerReferences ? store.get(kind, namespace, name) : undefined;
      if (kind && stored) look(kind, stored);
    }),
  );
  lookAt(kept.owned());
  return {
    close() {
      for (const each of watches) each.close();
    },
  };
}
