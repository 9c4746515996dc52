import { annotation } from '../api/labels.js';
import type { AnyResource } from '../api/types/resources.js';
import type { Engine } from '../kubelet/engine.js';
import { claimVolumeName } from '../kubelet/map/pod-volumes.js';
import type { Kubelet } from '../kubelet/start-kubelet.js';
import { isAppError } from '../lib/app-error.js';
import type { Ref } from '../manifests/edit-file.js';
import type { Manifests } from '../manifests/start-manifests.js';
import type { KeptObjects } from '../store/kept-objects.js';
import { keptResources } from '../store/object-files.js';
import type { ObjectStore } from '../store/object-store.js';

/**
 * `down`: deletes the servings of the given files, or all, stops watching the files, and resolves when their last container is gone.
 * Answers with what was removed and with the volumes that stay.
 */
export async function removeServings(
  from: {
    store: ObjectStore;
    kept: KeptObjects;
    manifests: Manifests;
    kubelet: Kubelet;
    engine: Engine;
    cluster: string;
  },
  request: { files?: readonly string[]; volumes?: boolean },
): Promise<{ removed: string[]; kept: string[] }> {
  const { store, manifests, kubelet, engine } = from;
  const claims = request.files && request.volumes ? claimsOf(store, request.files) : [];
  const refs = await manifests.removePaths(request.files ?? manifests.paths());
  if (!request.files) {
    for (const { metadata } of store.list('modelservings').items) {
      store.markDeleted('modelservings', metadata);
      if (!refs.some((ref) => sameRef(ref, metadata)))
        refs.push({ namespace: metadata.namespace, name: metadata.name });
    }
    removeKept(store, from.kept);
    await until(store, 'pods', () =>
      store.list('pods').items.every(({ metadata }) => !from.kept.has('pods', metadata)),
    );
  }
  await until(store, 'modelservings', () =>
    refs.every((ref) => !store.get('modelservings', ref.namespace, ref.name)),
  );
  if (!request.files || store.list('modelservings').items.length === 0) {
    await kubelet.removeLeftovers(request.volumes === true);
  }
  await removeVolumes(
    engine,
    claims.map(({ namespace, name }) => claimVolumeName(from.cluster, namespace, name)),
  );
  const kept = (await engine.listVolumes()).map((volume) => `volume/${volume.name}`);
  return { removed: refs.map(({ name }) => `modelserving/${name}`), kept };
}

/** The claims of these files and folders. */
const claimsOf = (store: ObjectStore, files: readonly string[]): Ref[] =>
  store
    .list('persistentvolumeclaims')
    .items.map(({ metadata }) => metadata)
    .filter(({ annotations }) => {
      const file = annotations?.[annotation.file] ?? '';
      return files.some((path) => file === path || file.startsWith(`${path}/`));
    });

/** A volume that a container of another serving still uses stays. */
async function removeVolumes(engine: Engine, names: readonly string[]): Promise<void> {
  const known = new Set((await engine.listVolumes()).map(({ name }) => name));
  for (const name of names)
    if (known.has(name))
      await engine.removeVolume(name).catch((error: unknown) => {
        if (!isAppError(error, 'EngineConflict')) throw error;
      });
}

const sameRef = (a: Ref, b: Ref): boolean => a.name === b.name && a.namespace === b.namespace;

/** What clients made goes too, and nobody's finalizers are asked: none of those who set them need be there any more. */
function removeKept(store: ObjectStore, kept: KeptObjects): void {
  for (const resource of keptResources)
    for (const each of store.list(resource).items) {
      if (!kept.has(resource, each.metadata)) continue;
      const { finalizers, ...metadata } = each.metadata;
      const free = finalizers ? kept.update(resource, { ...each, metadata } as AnyResource) : each;
      if (resource === 'pods' || resource === 'modelservings') kept.remove(resource, free);
      else kept.forget(resource, free);
    }
}

function until(store: ObjectStore, resource: 'pods' | 'modelservings', holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const watch = store.watch(resource, () => {
      if (!holds()) return;
      watch.close();
      resolve();
    });
    if (holds()) {
      watch.close();
      resolve();
    }
  });
}
