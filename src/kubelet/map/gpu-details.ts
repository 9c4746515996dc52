import { parseGpuAssignment } from '../../api/gpu-assignment.js';
import { annotation, ownerLabel } from '../../api/labels.js';
import { isFakeGpu } from '../../api/node-gpus.js';
import type { Pod } from '../../api/types/resources.js';
import type { ContainerSpec } from '../engine.js';
import type { PodSurroundings } from './pod-surroundings.js';

const visible = 'NVIDIA_VISIBLE_DEVICES';

/**
 * The GPUs that the scheduler gave this container: devices by id, the variable that NVIDIA's runtime reads, and a label, from which the
 * assignment is read back. CUDA_VISIBLE_DEVICES is not set: inside, devices are counted from 0. On a node with GPUs a container without any gets
 * "void", because many images ask for all of them; unless it sets the variable itself, as on a cluster. Pure.
 */
export function gpuDetails(
  pod: Pod,
  container: string,
  env: ContainerSpec['env'],
  around: PodSurroundings,
): { env: ContainerSpec['env']; labels: Record<string, string>; devices?: { gpuIds: string[] } } {
  const ids = parseGpuAssignment(pod.metadata.annotations?.[annotation.gpus])[container];
  if (ids) {
    // A CDI name is "nvidia.com/gpu=0"; the variable takes what follows.
    const value = ids.map((id) => id.slice(id.indexOf('=') + 1).replace(/^fake-/, '')).join(',');
    const real = ids.filter((id) => !isFakeGpu(id));
    return {
      env: [...env.filter(({ name }) => name !== visible), { name: visible, value }],
      labels: { [ownerLabel.gpus]: ids.join(',') },
      ...(real.length > 0 && { devices: { gpuIds: real } }),
    };
  }
  const hide = (around.gpus?.ids.length ?? 0) > 0 && !env.some(({ name }) => name === visible);
  return { env: hide ? [...env, { name: visible, value: 'void' }] : env, labels: {} };
}
