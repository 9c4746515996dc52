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
  return store.watch('pods', ({ type, object }) => {
    const uid = object.metadata.uid ?? '';
    const known = registry.states.get(uid);
    if (type === 'DELETED') {
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
    const before = state.pod;
    state.pod = object;
    if (object.metadata.deletionTimestamp) {
      state.aborter.abort();
      for (const probes of state.probes.values()) probes.stop();
      if (state.stopping && graceSecondsOf(state) < graceBefore) {
        for (const c of [...state.containers.values()].filter(isRunning)) {
          if (containerOf(c) !== sandboxContainerName)
            engine.stopContainer(c.containerId, graceSecondsOf(state)).catch(() => {});
        }
      }
    }
    // Our own status reports come back here too.
    const onlyStatus =
      known !== undefined &&
      before.spec === object.spec &&
      before.metadata.deletionTimestamp === object.metadata.deletionTimestamp &&
      !object.spec.readinessGates;
    if (!onlyStatus) wake(uid);
  });
}
