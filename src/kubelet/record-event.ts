import type { Pod } from '../api/types/resources.js';
import type { Clock } from '../lib/clock.js';
import { shortHash } from '../lib/short-hash.js';
import type { ObjectStore } from '../store/object-store.js';

export type RecordEvent = (pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string) => void;

/** Writes events about Pods into the store; the same words about the same Pod again raise the count of the first. */
export function eventRecorder(store: ObjectStore, clock: Clock): RecordEvent {
  return (pod, type, reason, message) => {
    const { name, namespace, uid } = pod.metadata;
    const eventName = `${name}.${shortHash({ uid, type, reason, message })}`;
    const lastTimestamp = new Date(clock.now()).toISOString();
    const before = store.get('events', namespace, eventName);
    if (before) {
      const { resourceVersion: _old, ...metadata } = before.metadata;
      store.update('events', { ...before, metadata, count: before.count + 1, lastTimestamp });
      return;
    }
    store.create('events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: eventName, namespace },
      type,
      reason,
      message,
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, ...(uid ? { uid } : {}) },
      source: { component: 'kubelet' },
      count: 1,
      firstTimestamp: lastTimestamp,
      lastTimestamp,
    });
  };
}
