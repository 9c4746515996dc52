import type { GpuAssignment } from '../api/gpu-assignment.js';
import { gpuResource } from '../api/node-gpus.js';
import type { Capacity, PodFacts } from './facts.js';
import { assignGpus, slotsHeld } from './gpu-slots.js';
import type { Shortage } from './words.js';

/** What is free, less and less as units are placed. */
export interface Room {
  /** Where these pods would go together, or everything that they lack. */
  fit(pods: readonly PodFacts[]): { gpus: Map<PodFacts, GpuAssignment> } | { shortages: Shortage[] };
  take(pod: PodFacts, gpus: GpuAssignment): void;
  /** Later ones find this much less, although it is free: it is kept for those, who came first and do not fit yet. */
  keepFor(name: string, pods: readonly PodFacts[]): void;
}

/** Kubernetes knows it, and one machine has enough of it for everybody unless somebody says how much. */
const unlimited = new Set(['ephemeral-storage']);

export function emptyRoom({ amounts, gpuIds, gpuSlots }: Capacity): Room {
  const total = new Map(Object.entries({ ...amounts, [gpuResource]: gpuIds.length * gpuSlots }));
  const used = new Map<string, number>();
  const kept = new Map<string, { amount: number; by: string }>();
  const free = new Map(gpuIds.map((id) => [id, gpuSlots]));
  const ports = new Set<string>();
  const keptPorts = new Set<string>();
  const isLimited = (name: string) =>
    name === gpuResource || (amounts !== undefined && (total.has(name) || !unlimited.has(name)));

  const shortageOf = (resource: string, requested: number): Shortage | undefined => {
    const all = total.get(resource) ?? 0;
    const open = all - (used.get(resource) ?? 0);
    const reserved = kept.get(resource);
    if (!isLimited(resource) || requested <= open - (reserved?.amount ?? 0)) return undefined;
    return {
      kind: 'resource',
      resource,
      requested,
      free: Math.max(0, open),
      total: all,
      ...(requested <= open && reserved && { keptFor: reserved.by }),
    };
  };

  return {
    fit(pods) {
      const shortages: Shortage[] = [];
      for (const [resource, amount] of sumOf(pods)) {
        const shortage = shortageOf(resource, amount);
        if (shortage) shortages.push(shortage);
      }
      const wanted = pods.flatMap((pod) => pod.hostPorts);
      const taken = wanted.filter(
        (port, at) => ports.has(port) || keptPorts.has(port) || wanted.indexOf(port) !== at,
      );
      if (taken.length > 0) shortages.push({ kind: 'ports', taken });
      if (shortages.length > 0) return { shortages };
      const left = new Map(free);
      const gpus = new Map<PodFacts, GpuAssignment>();
      for (const pod of pods) {
        const found = pod.gpuAsks.length === 0 ? {} : assignGpus(pod.gpuAsks, left);
        if (!found) {
          const requested = sumOf(pods).get(gpuResource) ?? 0;
          const open = [...free.values()].reduce((sum, slots) => sum + Math.max(0, slots), 0);
          const devices = [...free.values()].filter((slots) => slots > 0).length;
          const all = gpuIds.length * gpuSlots;
          return {
            shortages: [
              { kind: 'resource', resource: gpuResource, requested, free: open, total: all, devices },
            ],
          };
        }
        gpus.set(pod, found);
        for (const [id, slots] of slotsHeld(pod.gpuAsks, found)) left.set(id, (left.get(id) ?? 0) - slots);
      }
      return { gpus };
    },
    take(pod, gpus) {
      for (const [resource, amount] of Object.entries(pod.request))
        if (resource !== gpuResource) used.set(resource, (used.get(resource) ?? 0) + amount);
      for (const port of pod.hostPorts) ports.add(port);
      for (const [id, slots] of slotsHeld(pod.gpuAsks, gpus)) {
        // A device that the node no longer has takes nothing from those that it has.
        if (!free.has(id)) continue;
        free.set(id, (free.get(id) ?? 0) - slots);
        used.set(gpuResource, (used.get(gpuResource) ?? 0) + slots);
      }
    },
    keepFor(name, pods) {
      for (const [resource, amount] of sumOf(pods)) {
        const before = kept.get(resource);
        kept.set(resource, { amount: (before?.amount ?? 0) + amount, by: before?.by ?? name });
      }
      for (const pod of pods) for (const port of pod.hostPorts) keptPorts.add(port);
    },
  };
}

export function sumOf(pods: readonly PodFacts[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const { request } of pods)
    for (const name in request) sum.set(name, (sum.get(name) ?? 0) + (request[name] ?? 0));
  return sum;
}
