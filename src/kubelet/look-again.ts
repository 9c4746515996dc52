import type { Clock } from '../lib/clock.js';
import { asTold } from './as-told.js';
import type { Engine } from './engine.js';
import type { PodRegistry } from './pod-registry.js';
import { isRunning, type PodState } from './pod-state.js';

/** A death is believed when the engine still takes connections this much later: one that goes down ends its containers as well. */
const deathHoldMs = 250;
/** The same when everything died at once, which looks like a shutdown. */
const massDeathHoldMs = 3000;

const survives = (state: PodState) =>
  [...state.containers.values()].some((c) => isRunning(c) && !state.deaths.has(c.containerId));

/**
 * Asks the engine about the containers that events named. Returns when a death that is not believed yet is due; its container counts as
 * running until then. A Pod that is being deleted does not wait. Throws EngineUnreachable.
 */
export async function lookAgain(
  { engine, clock, registry }: { engine: Engine; clock: Clock; registry: PodRegistry },
  state: PodState,
): Promise<number | undefined> {
  let dueMs: number | undefined;
  const ending = state.gone || state.pod.metadata.deletionTimestamp !== undefined;
  for (const containerId of [...state.stale]) {
    const diedAtMs = state.deaths.get(containerId);
    if (diedAtMs !== undefined && !ending) {
      const pods = [...registry.states.values()].filter((s) => s.containers.size > 0);
      const massDeath = pods.length > 1 && !pods.some(survives);
      const believedAtMs = diedAtMs + (massDeath ? massDeathHoldMs : deathHoldMs);
      if (clock.now() < believedAtMs) {
        dueMs = Math.min(dueMs ?? believedAtMs, believedAtMs);
        continue;
      }
      await engine.ping?.();
    }
    const details = await engine.inspectContainer(containerId);
    state.stale.delete(containerId);
    state.deaths.delete(containerId);
    if (details) state.containers.set(containerId, asTold(state.record, details));
    else state.containers.delete(containerId);
  }
  for (const [id, probes] of state.probes) {
    if (state.containers.has(id)) continue;
    probes.stop();
    state.probes.delete(id);
  }
  return dueMs;
}
