import type { GpuAssignment } from '../api/gpu-assignment.js';
import { effective } from '../core/effective.js';
import type { GpuAsk } from '../core/pod-request.js';

/** Free slots by device id; the order of the devices is the order in which they are given out. */
export type GpuSlots = ReadonlyMap<string, number>;

/** How many slots of each device a Pod holds: an init container's device is its containers' afterwards. Pure. */
export function slotsHeld(asks: readonly GpuAsk[], gpus: GpuAssignment): Map<string, number> {
  const held = new Map<string, number>();
  // Of a Pod whose template was lost only its containers' devices are known.
  const asked = new Set(asks.map(({ container }) => container));
  const others = Object.keys(gpus)
    .filter((container) => !asked.has(container))
    .map((container) => ({ container, kind: 'app' as const, count: 0 }));
  for (const id of new Set(Object.values(gpus).flat())) {
    const steps = [...asks, ...others].map(({ kind, container }) => ({
      kind,
      amount: gpus[container]?.includes(id) ? 1 : 0,
    }));
    held.set(id, effective(steps));
  }
  return held;
}

/**
 * Devices for the containers of a Pod, each container on distinct ones, those with most room first; undefined when they do not suffice.
 * Init containers get what the containers after them will have, and more only where that is not enough. Pure.
 */
export function assignGpus(asks: readonly GpuAsk[], free: GpuSlots): GpuAssignment | undefined {
  const left = new Map(free);
  const gpus: Record<string, string[]> = {};
  const most = (from: ReadonlyMap<string, number>, count: number, not: readonly string[] = []): string[] =>
    [...from]
      .filter(([id, slots]) => slots > 0 && !not.includes(id))
      .sort(([, a], [, b]) => b - a)
      .slice(0, count)
      .map(([id]) => id);
  const add = (to: Map<string, number>, ids: readonly string[], by: number) => {
    for (const id of ids) to.set(id, (to.get(id) ?? 0) + by);
  };
  for (const { kind, container, count } of asks) {
    if (kind === 'init') continue;
    const ids = most(left, count);
    if (ids.length < count) return undefined;
    gpus[container] = ids;
    add(left, ids, -1);
  }
  // What stands ready for init containers: all that the Pod will have, less what sidecars before them already use.
  const pool = new Map<string, number>();
  for (const { kind, container } of asks) if (kind !== 'init') add(pool, gpus[container] ?? [], 1);
  for (const { kind, container, count } of asks) {
    if (kind === 'sidecar') add(pool, gpus[container] ?? [], -1);
    if (kind !== 'init') continue;
    const own = most(pool, count);
    const more = most(left, count - own.length, own);
    if (own.length + more.length < count) return undefined;
    gpus[container] = [...own, ...more];
    add(pool, more, 1);
  }
  return gpus;
}
