import { label } from '../../api/labels.js';
import type { Pod } from '../../api/types/resources.js';

export const sandboxContainerName = 'POD';
/** Container name of what only carries files into a volume and never runs. */
export const carrierName = 'FILES';
export const sandboxImage = 'minithena/pause:latest';

/** Shared memory is the container's own, not a mount. */
export const isShm = (path: string): boolean => path.replace(/\/+$/, '') === '/dev/shm';

/** An emptyDir in memory lives as long as the pod, but a tmpfs only while some container holds it: the sandbox does. */
const hasMemoryVolume = (pod: Pod): boolean =>
  (pod.spec.volumes ?? []).some(
    (volume) =>
      volume.emptyDir?.medium === 'Memory' &&
      [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].some((c) =>
        c.volumeMounts?.some((m) => m.name === volume.name && !isShm(m.mountPath)),
      ),
  );

/**
 * Whether a pause container owns the pod's network: with several containers, with an emptyDir in memory, with one process
 * namespace for all, and for the entry pod of a role
 * with workers, whose name and address must answer before and between the runs of its container. Pure.
 */
export function needsSandbox(pod: Pod): boolean {
  if (hasMemoryVolume(pod) || pod.spec.shareProcessNamespace) return true;
  const sidecars = (pod.spec.initContainers ?? []).filter((c) => restartsAlways(c));
  if (pod.spec.containers.length + sidecars.length > 1) return true;
  if (pod.spec.hostNetwork || pod.metadata.labels?.[label.entry] !== 'true') return false;
  const size = pod.spec.containers[0]?.env?.findLast((e) => e.name === 'GROUP_SIZE')?.value;
  return Number(size ?? 1) > 1;
}

/** A native sidecar: an init container that keeps running beside the others. */
export const restartsAlways = (container: object): boolean =>
  (container as { restartPolicy?: string }).restartPolicy === 'Always';
