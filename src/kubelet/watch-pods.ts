import type { ObjectStore } from '../store/object-store.js';
import type { Engine } from './engine.js';
import { sandboxContainerName } from './map/needs-sandbox.js';
import type { PodRegistry } from './pod-registry.js';
import { containerOf, isRunning } from './pod-state.js';
import { graceSecondsOf } from './terminate-pod.js';

/** Follows the Pods of the store: new ones are taken up, deletions are begun at once, and what can change the next step wakes the worker. */
export function watchPods(options: {
  store: ObjectStore;
  engine: Engine;
  registry: PodRegistry;
  wake(podUid: string): void;
}): { close(): void } {
  const { store, engine, registry, wake } = options;
  /** By uid, what the last report said that can change the next step. Not compared with the state, which follows the store by itself. */
  const seen = new Map<string, string>();
  return store.watch('pods', ({ type, object }) => {
    const uid = object.metadata.uid ?? '';
    const known = registry.states.get(uid);
    if (type === 'DELETED') {
      seen.delete(uid);
      if (!known) return;
      known.gone = true;
      known.aborter.abort();
      wake(uid);
      return;
    }
    // A late report of a Pod that is gone already must not bring it back.
    const { namespace, name } = object.metadata;
    if (!known && store.get('pods', namespace, name)?.metadata.uid !== uid) return;
    const state = registry.take(object);
    const graceBefore = graceSecondsOf(state);
    state.pod = object;
    if (object.metadata.deletionTimestamp) {
      state.aborter.abort();
      for (const probes of state.probes.values()) probes.retire();
      if (graceSecondsOf(state) < graceBefore) {
        for (const c of [...state.containers.values()].filter(isRunning)) {
          if (containerOf(c) === sandboxContainerName) continue;
          if (!state.stopping && !state.endings.has(c.containerId)) continue;
          engine.stopContainer(c.containerId, graceSecondsOf(state)).catch(() => {});
        }
        for (const cutShort of state.endings.values()) cutShort();
      }
    }
    const { generation, deletionTimestamp, deletionGracePeriodSeconds } = object.metadata;
    const facts = `${generation} ${deletionTimestamp} ${deletionGracePeriodSeconds}`;
    // Our own status reports come back here too: they need no further pass, unless others write conditions that count.
    const onlyStatus = seen.get(uid) === facts && !object.spec.readinessGates;
    seen.set(uid, facts);
    if (!onlyStatus) wake(uid);
  });
}
