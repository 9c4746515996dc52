import type { Pod } from '../api/types/resources.js';
import type { Clock } from '../lib/clock.js';
import type { ObjectStore } from '../store/object-store.js';
import { eventRecorder as recorderOf } from '../store/record-event.js';

export type RecordEvent = (pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string) => void;

/** Writes events about Pods into the store. */
export function eventRecorder(store: ObjectStore, clock: Clock): RecordEvent {
  const record = recorderOf(store, clock, 'kubelet');
  return ({ metadata: { name, namespace, uid } }, type, reason, message) =>
    record(
      { apiVersion: 'v1', kind: 'Pod', namespace, name, ...(uid ? { uid } : {}) },
      type,
      reason,
      message,
    );
}
