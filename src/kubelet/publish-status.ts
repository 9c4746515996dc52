import { annotation } from '../api/labels.js';
import type { Clock } from '../lib/clock.js';
import type { ObjectStore } from '../store/object-store.js';
import type { PodRecords } from './pod-record.js';
import { type PodState, verdictOf } from './pod-state.js';
import { podStatus, publishedPortsText } from './pod-status.js';

/** Writes what is known of a Pod now into the store and its record. Nothing is written where nothing changed. */
export function publishStatus(
  { store, clock, records }: { store: ObjectStore; clock: Clock; records: PodRecords },
  state: PodState,
): void {
  const { namespace, name, uid = '' } = state.pod.metadata;
  const stored = store.get('pods', namespace, name);
  if (!stored || stored.metadata.uid !== uid) return;
  state.pod = stored;
  const ports = publishedPortsText(state);
  if (ports && stored.metadata.annotations?.[annotation.publishedPorts] !== ports) {
    const annotations = { ...stored.metadata.annotations, [annotation.publishedPorts]: ports };
    state.pod = store.update('pods', { ...stored, metadata: { ...stored.metadata, annotations } });
  }
  const status = podStatus(state, { nowMs: clock.now(), hostIp: '127.0.0.1' });
  store.updateStatus('pods', { namespace, name, uid }, status);
  const known = [...state.containers.keys()];
  const verdicts = new Map(known.map((id) => [id, verdictOf(state, id)]));
  state.record.started = known.filter((id) => verdicts.get(id)?.started);
  state.record.ready = known.filter((id) => verdicts.get(id)?.ready);
  records.write(state.uid, state.record);
}
