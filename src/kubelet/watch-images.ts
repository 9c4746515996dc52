import type { Engine } from './engine.js';
import type { PodRegistry } from './pod-registry.js';

/**
 * Wakes the Pods that wait out the back-off of a pull when an image appeared in the engine by other means (built, loaded, tagged, pulled by hand):
 * they look whether it is theirs.
 */
export function watchImages(options: {
  engine: Engine;
  registry: PodRegistry;
  wake(podUid: string): void;
  signal: AbortSignal;
}): void {
  const { engine, registry, wake, signal } = options;
  engine.watchImages?.(() => {
    for (const { uid, failures } of registry.states.values())
      if ([...failures.keys()].some((key) => key.startsWith('pull '))) wake(uid);
  }, signal);
}
