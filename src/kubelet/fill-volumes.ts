import type { Container } from 'kubernetes-types/core/v1.js';
import { ownerLabel } from '../api/labels.js';
import type { Pod } from '../api/types/resources.js';
import { shortHash } from '../lib/short-hash.js';
import type { ContainerSpec, VolumeEntry } from './engine.js';
import { ownerLabels } from './map/container-spec.js';
import { carrierName } from './map/needs-sandbox.js';
import { claimVolumeName, podVolumeName } from './map/pod-volumes.js';
import { isWritten, type VolumeFile, volumeFiles } from './map/volume-files.js';
import type { PodPass } from './pod-pass.js';

/**
 * Writes what ConfigMaps, Secrets and the pod itself give to its volumes, where that changed since the last time: a running container sees the
 * new content. The engine holds the files, so it makes no difference on which machine it is. Throws ConfigError for what is missing.
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
 * and given to the pod's group. So are the folders of it that are mounted alone, where the engine would make them root's.
 */
export async function openVolumes(
  pass: PodPass,
  container: Container,
  mounts: ContainerSpec['mounts'],
): Promise<void> {
  const { context, state } = pass;
  const { spec } = state.pod;
  const { volumes } = state.record;
  const todo = writableVolumes(state.pod, context.cluster.name).flatMap(({ name, volume }) => {
    const mounted = mounts.filter((mount) => mount.kind === 'volume' && mount.volume === volume);
    const folders = mounted.flatMap((mount) => (mount.kind === 'volume' && mount.subPath) || []);
    const opened = volumes[name]?.split('\n') ?? [];
    const fresh = [...new Set(['.', ...folders])].filter((folder) => !opened.includes(folder));
    return mounted.length > 0 && fresh.length > 0 ? [{ name, volume, opened, fresh }] : [];
  });
  if (todo.length === 0) return;
  const own = container.securityContext?.runAsUser ?? spec.securityContext?.runAsUser;
  const user = own ?? (await context.engine.findImage(container.image ?? ''))?.user?.split(':')[0];
  const gid = spec.securityContext?.fsGroup;
  if (gid === undefined && (!user || String(user) === '0' || user === 'root')) return;
  const access = { kind: 'directory' as const, mode: gid === undefined ? 0o777 : 0o2777, gid: gid ?? 0 };
  for (const { name, volume, opened, fresh } of todo) {
    const entries = fresh.flatMap((folder): VolumeEntry[] =>
      folder === '.'
        ? [{ path: '.', ...access }]
        : parents(folder).map((path) => ({ path, ...access, unlessThere: true })),
    );
    await context.engine.fillVolume(volume, entries, labels(pass));
    volumes[name] = [...opened, ...fresh].join('\n');
  }
}

/** The volumes that a pod may write into and that last beyond a container: by its name for them and the engine's. */
const writableVolumes = (pod: Pod, cluster: string): { name: string; volume: string }[] =>
  (pod.spec.volumes ?? []).flatMap(({ name, emptyDir, ephemeral, persistentVolumeClaim: claim }) => {
    if (claim) return [{ name, volume: claimVolumeName(cluster, pod.metadata.namespace, claim.claimName) }];
    const lasts = (emptyDir && emptyDir.medium !== 'Memory') || ephemeral;
    return lasts ? [{ name, volume: podVolumeName(cluster, pod, name) }] : [];
  });

/** `a/b` → `a`, `a/b`. */
const parents = (path: string): string[] =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .map((_, at, parts) => parts.slice(0, at + 1).join('/'));

const labels = ({ state, around }: PodPass): Record<string, string> => ({
  ...ownerLabels(state.pod, around()),
  [ownerLabel.container]: carrierName,
});

/**
 * As Kubernetes lays it out: `file` → `..data/file`, and `..data` → the newest content, so that the files of one edit change together. An
 * archive cannot rename or remove: for a moment there is no `..data`, and what was there before stays until the pod goes. Pure.
 */
function layout(files: readonly VolumeFile[], hash: string, gid = 0): VolumeEntry[] {
  const folder = `..${hash}`;
  const folders = new Set(files.flatMap(({ path }) => parents(path).slice(0, -1)));
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
