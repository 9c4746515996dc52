import type { KubeEvent } from '../api/types/resources.js';
import type { Clock } from '../lib/clock.js';
import { shortHash } from '../lib/short-hash.js';
import { microsText, secondsText } from '../lib/time-text.js';
import type { ObjectStore } from './object-store.js';

export type RecordEvent = (
  about: KubeEvent['involvedObject'],
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
) => void;

/** Writes events into the store; the same words about the same object again raise the count of the first. */
export function eventRecorder(store: ObjectStore, clock: Clock, component: string): RecordEvent {
  return (about, type, reason, message) => {
    const name = `${about.name}.${shortHash({ kind: about.kind, uid: about.uid, type, reason, message })}`;
    const now = clock.now();
    const lastTimestamp = secondsText(now);
    const before = store.get('events', about.namespace, name);
    if (before) {
      const { resourceVersion: _old, ...metadata } = before.metadata;
      const count = before.count + 1;
      const series = { count, lastObservedTime: microsText(now) };
      store.update('events', { ...before, metadata, count, lastTimestamp, series });
      return;
    }
    store.create('events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: about.namespace },
      type,
      reason,
      message,
      involvedObject: about,
      source: { component },
      count: 1,
      firstTimestamp: lastTimestamp,
      lastTimestamp,
      eventTime: microsText(now),
      reportingComponent: component,
    });
  };
}
