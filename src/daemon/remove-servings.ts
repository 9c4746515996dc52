import type { Engine } from '../kubelet/engine.js';
import type { Kubelet } from '../kubelet/start-kubelet.js';
import type { Manifests, Ref } from '../manifests/start-manifests.js';
import type { ObjectStore } from '../store/object-store.js';

/**
 * `down`: deletes the servings of the given files, or all, stops watching the files, and resolves when their last container is gone.
 * Answers with what was removed and with the volumes that stay.
 */
export async function removeServings(
  from: { store: ObjectStore; manifests: Manifests; kubelet: Kubelet; engine: Engine },
  request: { files?: readonly string[]; volumes?: boolean },
): Promise<{ removed: string[]; kept: string[] }> {
  const { store, manifests, kubelet, engine } = from;
  const refs = await manifests.removePaths(request.files ?? manifests.paths());
  if (!request.files) {
    for (const { metadata } of store.list('modelservings').items) {
      store.markDeleted('modelservings', metadata);
      if (!refs.some((ref) => sameRef(ref, metadata)))
        refs.push({ namespace: metadata.namespace, name: metadata.name });
    }
  }
  await untilGone(store, refs);
  if (!request.files || store.list('modelservings').items.length === 0) {
    await kubelet.removeLeftovers(request.volumes === true);
  }
  const kept = (await engine.listVolumes()).map((volume) => `volume/${volume.name}`);
  return { removed: refs.map(({ name }) => `modelserving/${name}`), kept };
}

const sameRef = (a: Ref, b: Ref): boolean => a.name === b.name && a.namespace === b.namespace;

function untilGone(store: ObjectStore, refs: readonly Ref[]): Promise<void> {
  const isGone = () => refs.every((ref) => !store.get('modelservings', ref.namespace, ref.name));
  return new Promise((resolve) => {
    const watch = store.watch('modelservings', () => {
      if (!isGone()) return;
      watch.close();
      resolve();
    });
    if (isGone()) {
      watch.close();
      resolve();
    }
  });
}
