import { supportingResources } from '../api/read-supporting.js';
import type { ObjectStore } from '../store/object-store.js';
import { references } from './map/referred-objects.js';
import type { PodRegistry } from './pod-registry.js';

/**
 * Wakes the Pods that refer to a ConfigMap, Secret or claim that came or changed: one that waited for it is tried at once, a running one is given
 * the new files.
 */
export function watchSupporting(options: {
  store: ObjectStore;
  registry: PodRegistry;
  wake(podUid: string): void;
}): { close(): void } {
  const { store, registry, wake } = options;
  const watches = supportingResources.map((resource) =>
    store.watch(resource, ({ type, object: { metadata } }) => {
      if (type === 'DELETED') return;
      for (const { uid, pod, failures } of registry.states.values()) {
        if (pod.metadata.namespace !== metadata.namespace) continue;
        if (!references(pod.spec).has(`${resource}/${metadata.name}`)) continue;
        for (const [key, { reason }] of failures)
          if (/^(CreateContainerConfigError|FailedMount|ErrImagePull)$/.test(reason)) failures.delete(key);
        wake(uid);
      }
    }),
  );
  return { close: () => watches.forEach((watch) => void watch.close()) };
}
