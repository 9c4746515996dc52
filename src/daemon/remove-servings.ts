import { annotation } from '../api/labels.js';
import type { Engine } from '../kubelet/engine.js';
import { claimVolumeName } from '../kubelet/map/pod-volumes.js';
import type { Kubelet } from '../kubelet/start-kubelet.js';
import { isAppError } from '../lib/app-error.js';
import type { Ref } from '../manifests/edit-file.js';
import type { Manifests } from '../manifests/start-manifests.js';
import type { ObjectStore } from '../store/object-store.js';

/**
 * `down`: deletes the servings of the given files, or all, stops watching the files, and resolves when their last container is gone.
 * Answers with what was removed and with the volumes that stay.
 */
export async function removeServings(
  from: { store: ObjectStore; manifests: Manifests; kubelet: Kubelet; engine: Engine; cluster: string },
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
  }
  await untilGone(store, refs);
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
