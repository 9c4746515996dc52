import { isAppError, messageOf } from '../lib/app-error.js';
import { fillVolumes } from './fill-volumes.js';
import type { PodPass } from './pod-pass.js';
import { isRunning } from './pod-state.js';

/**
 * True when the volumes of the Pod hold what it refers to. Otherwise no container of it is begun, and all wait with the reason; one that runs
 * keeps what it has. Throws EngineUnreachable.
 */
export async function volumesReady(pass: PodPass): Promise<boolean> {
  const { state } = pass;
  const { containers, initContainers = [], volumes = [] } = state.pod.spec;
  const names = [...initContainers, ...containers].map(({ name }) => name);
  const begun = [...state.containers.values()].some(isRunning);
  const key = 'volumes';
  if (!begun && pass.heldBack(key, names[0] ?? '', 'ContainerCreating')) return false;
  try {
    for (const { persistentVolumeClaim } of volumes) {
      const claim = persistentVolumeClaim?.claimName;
      if (claim !== undefined && !pass.around().objects?.claim(claim))
        throw new Error(`persistentvolumeclaim "${claim}" not found`);
    }
    await fillVolumes(pass);
    state.failures.delete(key);
    return true;
  } catch (error) {
    if (isAppError(error, 'EngineUnreachable')) throw error;
    // Kubernetes too leaves a running pod with the content it has.
    if (begun) return true;
    pass.failed(key, names[0] ?? '', 'FailedMount', `MountVolume.SetUp failed: ${messageOf(error)}`);
    for (const name of names)
      state.waiting.set(name, {
        reason: 'ContainerCreating',
        message: `MountVolume.SetUp failed: ${messageOf(error)}`,
      });
    return false;
  }
}
