import type { Container } from 'kubernetes-types/core/v1.js';
import { ownerLabel } from '../api/labels.js';
import { shortHash } from '../lib/short-hash.js';
import type { VolumeEntry } from './engine.js';
import { ownerLabels } from './map/container-spec.js';
import { isShm } from './map/needs-sandbox.js';
import { claimVolumeName, podVolumeName } from './map/pod-volumes.js';
import { isWritten, type VolumeFile, volumeFiles } from './map/volume-files.js';
import type { PodPass } from './pod-pass.js';

/** Container name of what only carries files into a volume and never runs. */
const carrierName = 'FILES';

/**
 * Writes what ConfigMaps, Secrets and the pod itself give to its volumes, where that changed since the last time: a running container sees the
 * new content, all of it at once. The engine holds the files, so it makes no difference on which machine it is. Throws ConfigError for
 * what is missing.
 */
export async function fillVolumes(pass: PodPass): Promise<void> {
  const { context, state, around } = pass;
  const { pod, record } = state;
  for (const volume of (pod.spec.volumes ?? []).filter(isWritten)) {
    const files = volumeFiles(pod, volume, around());
    const hash = shortHash(files.map(({ path, mode, content }) => [path, mode, content.toString('base64')]));
    if (record.volumes[volume.name] === hash) continue;
    const name = podVolumeName(context.cluster.name, pod, volume.name);
    await context.engine.ensureVolume(name, ownerLabels(pod, around()));
    await context.engine.fillVolume(
      name,
      layout(files, hash, pod.spec.securityContext?.fsGroup),
      labels(pass),
    );
    record.volumes[volume.name] = hash;
  }
}

/**
 * A new volume belongs to root alone; one that a container of another user is to write into is opened for all, as Kubernetes' emptyDirs are,
 * and given to the pod's group.
 */
export async function openVolumes(pass: PodPass, container: Container): Promise<void> {
  const { context, state } = pass;
  const { spec } = state.pod;
  const own = container.securityContext?.runAsUser ?? spec.securityContext?.runAsUser;
  const mounted = (spec.volumes ?? []).filter(
    (volume) =>
      ((volume.emptyDir && volume.emptyDir.medium !== 'Memory') ||
        volume.persistentVolumeClaim ||
        volume.ephemeral) &&
      state.record.volumes[volume.name] === undefined &&
      container.volumeMounts?.some((mount) => mount.name === volume.name && !isShm(mount.mountPath)),
  );
  if (mounted.length === 0) return;
  const user = own ?? (await context.engine.findImage(container.image ?? ''))?.user?.split(':')[0];
  const gid = spec.securityContext?.fsGroup;
  if (gid === undefined && (!user || String(user) === '0' || user === 'root')) return;
  for (const volume of mounted) {
    const claim = volume.persistentVolumeClaim?.claimName;
    const name =
      claim === undefined
        ? podVolumeName(context.cluster.name, state.pod, volume.name)
        : claimVolumeName(context.cluster.name, state.pod.metadata.namespace, claim);
    const root: VolumeEntry = {
      path: '.',
      kind: 'directory',
      mode: gid === undefined ? 0o777 : 0o2777,
      gid: gid ?? 0,
    };
    await context.engine.fillVolume(name, [root], labels(pass));
    state.record.volumes[volume.name] = 'open';
  }
}

const labels = ({ state, around }: PodPass): Record<string, string> => ({
  ...ownerLabels(state.pod, around()),
  [ownerLabel.container]: carrierName,
});

/** As Kubernetes lays it out: `file` → `..data/file`, and `..data` → the newest content, so that one rename changes all. Pure. */
function layout(files: readonly VolumeFile[], hash: string, gid = 0): VolumeEntry[] {
  const folder = `..${hash}`;
  const folders = new Set(
    files.flatMap(({ path }) =>
      path
        .split('/')
        .slice(0, -1)
        .map((_, at, all) => all.slice(0, at + 1).join('/')),
    ),
  );
  const tops = new Set(files.map(({ path }) => path.split('/')[0] ?? path));
  const directory = (path: string): VolumeEntry => ({ path, kind: 'directory', mode: 0o755, gid });
  return [
    directory(folder),
    ...[...folders].map((path) => directory(`${folder}/${path}`)),
    ...files.map(
      ({ path, content, mode }): VolumeEntry => ({
        path: `${folder}/${path}`,
        kind: 'file',
        content,
        mode,
        gid,
      }),
    ),
    { path: '..data', kind: 'link', target: folder },
    ...[...tops].map((top): VolumeEntry => ({ path: top, kind: 'link', target: `..data/${top}` })),
  ];
}
