import type { Container, Volume } from 'kubernetes-types/core/v1.js';
import type { Pod } from '../../api/types/resources.js';
import { parseQuantity } from '../../lib/parse-quantity.js';
import type { ContainerSpec } from '../engine.js';
import { ConfigError } from './config-error.js';
import { expandVariables } from './expand-variables.js';
import { isShm } from './needs-sandbox.js';
import type { PodSurroundings } from './pod-surroundings.js';
import { isWritten } from './volume-files.js';

/** A volume of the engine that must exist before the pod's containers; `ofPod` ones are removed with the pod. */
export interface NeededVolume {
  name: string;
  ofPod: boolean;
  tmpfsBytes?: number;
}
type Mount = ContainerSpec['mounts'][number];

const allContainers = (pod: Pod): Container[] => [...(pod.spec.initContainers ?? []), ...pod.spec.containers];

const usersOf = (pod: Pod, volume: string) =>
  allContainers(pod).filter((c) => c.volumeMounts?.some((m) => m.name === volume && !isShm(m.mountPath)));

export const podVolumeName = (cluster: string, pod: Pod, volume: string): string =>
  `${cluster}_${pod.metadata.namespace}_${pod.metadata.name}_${volume}`;
export const claimVolumeName = (cluster: string, namespace: string, claim: string): string =>
  `${cluster}_${namespace}_pvc_${claim}`;

/** Memory without a limit may grow to half of the machine's, as a tmpfs does by default. */
const memoryLimitBytes = (volume: Volume, around: PodSurroundings) => {
  const limit = volume.emptyDir?.sizeLimit;
  return Math.floor((limit === undefined ? undefined : parseQuantity(limit)) ?? around.memoryBytes / 2);
};

/** The engine volumes of a pod. A tmpfs volume is emptied when no container holds it: the sandbox mounts it as well. Pure. */
export function neededVolumes(pod: Pod, around: PodSurroundings): NeededVolume[] {
  return (pod.spec.volumes ?? []).flatMap((volume): NeededVolume[] => {
    if (volume.persistentVolumeClaim) {
      return [
        {
          name: claimVolumeName(
            around.cluster.name,
            pod.metadata.namespace,
            volume.persistentVolumeClaim.claimName,
          ),
          ofPod: false,
        },
      ];
    }
    if (volume.ephemeral || isWritten(volume))
      return [{ name: podVolumeName(around.cluster.name, pod, volume.name), ofPod: true }];
    if (!volume.emptyDir || usersOf(pod, volume.name).length === 0) return [];
    const name = podVolumeName(around.cluster.name, pod, volume.name);
    const inMemory = volume.emptyDir.medium === 'Memory';
    return [{ name, ofPod: true, ...(inMemory ? { tmpfsBytes: memoryLimitBytes(volume, around) } : {}) }];
  });
}

/** The host paths a pod mounts, with the type each must have ('' = anything, also nothing). */
export const hostPathsOf = (pod: Pod): { path: string; type: string }[] =>
  (pod.spec.volumes ?? []).flatMap((v) =>
    v.hostPath ? [{ path: v.hostPath.path, type: v.hostPath.type ?? '' }] : [],
  );

/** Size of /dev/shm when an emptyDir is mounted there: the pod's when it has a sandbox (IPC is shared), else the container's. Pure. */
export function shmBytes(
  pod: Pod,
  containers: readonly Container[],
  around: PodSurroundings,
): number | undefined {
  for (const mount of containers.flatMap((c) => c.volumeMounts ?? [])) {
    const volume = isShm(mount.mountPath) ? pod.spec.volumes?.find((v) => v.name === mount.name) : undefined;
    if (volume?.emptyDir) return memoryLimitBytes(volume, around);
  }
  return undefined;
}

/** Mounts that keep tmpfs volumes alive while containers come and go; for the sandbox. Pure. */
export const sandboxMounts = (pod: Pod, around: PodSurroundings): Mount[] =>
  neededVolumes(pod, around)
    .filter((v) => v.tmpfsBytes !== undefined)
    .map((v) => ({ kind: 'volume', volume: v.name, path: `/.minithena/${v.name}`, readOnly: true }));

/** The mounts of one container; `variables` are those of its environment. Throws ConfigError for volumes that are missing or of a kind that cannot be made. Pure. */
export function containerMounts(
  pod: Pod,
  container: Container,
  around: PodSurroundings,
  variables: ReadonlyMap<string, string>,
): Mount[] {
  return (container.volumeMounts ?? []).flatMap((mount): Mount[] => {
    const volume = pod.spec.volumes?.find((v) => v.name === mount.name);
    if (!volume)
      throw new ConfigError(
        `volumeMount "${mount.name}" of container ${container.name} names no volume of the pod`,
      );
    const path = mount.mountPath;
    const readOnly = mount.readOnly ?? false;
    const sub = mount.subPathExpr
      ? checked(expandVariables(mount.subPathExpr, variables), mount.subPathExpr)
      : mount.subPath;
    const subPath = sub ? { subPath: sub } : {};
    if (volume.hostPath) {
      const hostPath = sub ? `${volume.hostPath.path.replace(/\/+$/, '')}/${sub}` : volume.hostPath.path;
      return [{ kind: 'bind', hostPath, path, readOnly }];
    }
    if (volume.persistentVolumeClaim) {
      const name = claimVolumeName(
        around.cluster.name,
        pod.metadata.namespace,
        volume.persistentVolumeClaim.claimName,
      );
      return [
        {
          kind: 'volume',
          volume: name,
          path,
          readOnly: readOnly || (volume.persistentVolumeClaim.readOnly ?? false),
          ...subPath,
        },
      ];
    }
    if (volume.emptyDir) {
      if (isShm(path)) return [];
      return [
        {
          kind: 'volume',
          volume: podVolumeName(around.cluster.name, pod, volume.name),
          path,
          readOnly,
          ...subPath,
        },
      ];
    }
    if (isWritten(volume) || volume.ephemeral)
      return [
        {
          kind: 'volume',
          volume: podVolumeName(around.cluster.name, pod, volume.name),
          path,
          readOnly: readOnly || isWritten(volume),
          ...subPath,
        },
      ];
    throw new ConfigError(`volume "${volume.name}" is of a kind that cannot be made here`);
  });
}

/** What variables made of a subPathExpr must still be a folder of the volume. */
function checked(path: string, written: string): string {
  const unknown = /\$\(([^()]*)\)/.exec(path);
  if (unknown) throw new ConfigError(`subPathExpr "${written}": there is no variable ${unknown[1]}`);
  if (path.startsWith('/') || path.includes(':') || path.split('/').includes('..'))
    throw new ConfigError(`subPathExpr "${written}" comes to "${path}", which is no folder of the volume`);
  return path;
}
