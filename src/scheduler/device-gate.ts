import type { GpuAssignment } from '../api/gpu-assignment.js';
import type { Capacity, PodFacts } from './facts.js';

/**
 * Pods that share a device start one after another: an inference engine measures the free memory when it starts. Pods of one role instance do
 * not wait for each other, they need each other to become Ready. The gate must be asked in the order of turns; it counts whom it let through.
 */
export function deviceGate(pods: readonly PodFacts[], capacity: Capacity) {
  const onDevice = new Map<string, PodFacts[]>();
  const add = (pod: PodFacts, gpus: GpuAssignment) => {
    for (const id of idsOf(gpus)) onDevice.set(id, [...(onDevice.get(id) ?? []), pod]);
  };
  if (capacity.gpuSlots > 1) for (const pod of pods) if (pod.state === 'bound') add(pod, pod.gpus);
  return (pod: PodFacts, gpus: GpuAssignment): { start: boolean; message: string } => {
    if (capacity.gpuSlots <= 1) return { start: true, message: '' };
    for (const id of idsOf(gpus)) {
      const other = onDevice.get(id)?.find((each) => !each.ready && !sameInstance(each, pod));
      if (other)
        return {
          start: false,
          message: `GPU ${id} is shared, and pod ${other.name} on it is not Ready yet.`,
        };
    }
    // Starting now, so not Ready, whatever it was before.
    add({ ...pod, ready: false }, gpus);
    return { start: true, message: '' };
  };
}

export const idsOf = (gpus: GpuAssignment): Set<string> => new Set(Object.values(gpus).flat());

const sameInstance = (a: PodFacts, b: PodFacts): boolean =>
  a.group !== '' && a.group === b.group && a.role === b.role && a.roleOrdinal === b.roleOrdinal;
