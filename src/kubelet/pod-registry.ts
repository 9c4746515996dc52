import { ownerLabel } from '../api/labels.js';
import { withMarks } from '../api/pod-marks.js';
import type { Pod } from '../api/types/resources.js';
import { messageOf } from '../lib/app-error.js';
import type { Logger } from '../lib/logger.js';
import { secondsText } from '../lib/time-text.js';
import type { ObjectStore } from '../store/object-store.js';
import { asTold } from './as-told.js';
import type { ContainerDetails } from './engine.js';
import type { PodRecords } from './pod-record.js';
import { attemptOf, containerOf, newPodState, type PodState } from './pod-state.js';
import { rebuildPod } from './rebuild-pod.js';

export interface PodRegistry {
  /** By uid of the Pod. */
  readonly states: Map<string, PodState>;
  /** The state of a Pod of the store, made if need be, with the containers that waited for it. */
  take(pod: Pod): PodState;
  /** Replaces what is believed about containers by a full list of them. */
  accept(all: readonly ContainerDetails[]): void;
  /** Puts Pods of unclaimed containers back into the store where their ModelServing is there; returns their states. */
  claim(): PodState[];
  /** A container went away whose Pod is not in the store. */
  dropUnclaimed(podUid: string, containerId: string): void;
  takenIps(namespace: string): Set<string>;
}

/** Who is who: Pods of the store by uid, and containers whose Pod is not (yet) in the store. */
export function podRegistry(options: {
  store: ObjectStore;
  records: PodRecords;
  logger: Logger;
}): PodRegistry {
  const { store, records, logger } = options;
  const states = new Map<string, PodState>();
  const unclaimed = new Map<string, Map<string, ContainerDetails>>();

  const adopt = (state: PodState, containers: Iterable<ContainerDetails>) => {
    for (const details of containers) {
      state.containers.set(details.containerId, asTold(state.record, details));
      state.ip ??= details.labels[ownerLabel.podIp] || undefined;
      const name = containerOf(details);
      state.attempts.set(name, Math.max(attemptOf(details), state.attempts.get(name) ?? 0));
    }
    for (const [name, last] of Object.entries(state.record.lastState)) state.lastState.set(name, last);
  };

  const take = (pod: Pod): PodState => {
    const uid = pod.metadata.uid ?? '';
    let state = states.get(uid);
    if (!state) {
      state = newPodState(pod, records.read(uid));
      states.set(uid, state);
      adopt(state, unclaimed.get(uid)?.values() ?? []);
      unclaimed.delete(uid);
    }
    return state;
  };

  return {
    states,
    take,
    accept(all) {
      const seen = new Set(all.map((c) => c.containerId));
      for (const state of states.values()) {
        for (const id of [...state.containers.keys()]) if (!seen.has(id)) state.containers.delete(id);
        state.stale.clear();
        state.deaths.clear();
      }
      unclaimed.clear();
      for (const details of all) {
        const podUid = details.labels[ownerLabel.podUid] ?? '';
        const state = states.get(podUid);
        if (state) adopt(state, [details]);
        else unclaimed.set(podUid, (unclaimed.get(podUid) ?? new Map()).set(details.containerId, details));
      }
    },
    claim() {
      const claimed: PodState[] = [];
      for (const containers of [...unclaimed.values()].map((group) => [...group.values()])) {
        const labels = containers[0]?.labels ?? {};
        const namespace = labels[ownerLabel.namespace] ?? '';
        const name = labels[ownerLabel.podName] ?? '';
        const owner = store
          .list('modelservings', { namespace })
          .items.find((m) => m.metadata.uid === labels[ownerLabel.modelServingUid]);
        if (!owner || store.get('pods', namespace, name)) continue;
        try {
          const pod = rebuildPod(store, owner, containers);
          const { marks, stoppingSinceMs } = records.read(labels[ownerLabel.podUid] ?? '');
          const metadata = {
            ...(marks ? withMarks(pod.metadata, marks) : pod.metadata),
            // Whoever asked for its end does not ask again, and what has ended of it must not be run again.
            ...(stoppingSinceMs !== undefined && deletionSince(stoppingSinceMs, pod)),
          };
          claimed.push(take(store.create('pods', { ...pod, metadata })));
        } catch (error) {
          const fields = { pod: name, error: messageOf(error) };
          logger.error(fields, 'a pod could not be rebuilt from its containers');
        }
      }
      return claimed;
    },
    dropUnclaimed(podUid, containerId) {
      unclaimed.get(podUid)?.delete(containerId);
    },
    takenIps(namespace) {
      const taken = new Set<string>();
      for (const state of states.values())
        if (state.pod.metadata.namespace === namespace && state.ip) taken.add(state.ip);
      for (const group of unclaimed.values())
        for (const c of group.values()) taken.add(c.labels[ownerLabel.podIp] ?? '');
      return taken;
    },
  };
}

/** As a deletion that began then is told: its time is when the grace is over. */
function deletionSince(sinceMs: number, { spec: { terminationGracePeriodSeconds: grace = 30 } }: Pod) {
  return { deletionTimestamp: secondsText(sinceMs + grace * 1000), deletionGracePeriodSeconds: grace };
}
