import type { ContainerUsage } from '../api/types/metrics.js';
import { AppError } from '../lib/app-error.js';
import type { Engine, EngineUsage } from './engine.js';
import type { PodRegistry } from './pod-registry.js';
import { isRunning, latestOf } from './pod-state.js';

/**
 * Measures the running containers of Pods, by the uid of each. Only while somebody asks; who asks while that is under way shares it. Pods of
 * which nothing runs have no entry. Throws Failed where the engine cannot measure, EngineUnreachable.
 */
export function podUsage({
  engine,
  registry,
}: {
  engine: Engine;
  registry: PodRegistry;
}): (podUids: readonly string[]) => Promise<ReadonlyMap<string, readonly ContainerUsage[]>> {
  const underWay = new Map<string, Promise<EngineUsage | undefined>>();
  const measure = (containerId: string) => {
    const before = underWay.get(containerId);
    if (before) return before;
    if (!engine.containerUsage)
      throw new AppError('Failed', 'this engine cannot be measured: nothing runs in a container there', {
        hint: 'minithena up --engine docker runs real ones',
      });
    const begun = engine.containerUsage(containerId).finally(() => underWay.delete(containerId));
    underWay.set(containerId, begun);
    return begun;
  };
  return async (podUids) => {
    const wanted = podUids.flatMap((uid) => {
      const state = registry.states.get(uid);
      const { initContainers = [], containers = [] } = state?.pod.spec ?? {};
      return [...initContainers, ...containers].flatMap(({ name }) => {
        const latest = state && latestOf(state, name);
        return latest && isRunning(latest) ? [{ uid, container: name, id: latest.containerId }] : [];
      });
    });
    const measured = new Map<string, ContainerUsage[]>();
    await Promise.all(
      wanted.map(async ({ uid, container, id }) => {
        const usage = await measure(id);
        if (usage) measured.set(uid, [...(measured.get(uid) ?? []), { container, ...usage }]);
      }),
    );
    return measured;
  };
}
