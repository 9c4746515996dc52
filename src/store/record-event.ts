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

type Words = Pick<KubeEvent, 'involvedObject' | 'type' | 'reason' | 'message'>;

const keyOf = ({ involvedObject: { kind, namespace, name, uid }, type, reason, message }: Words): string =>
  shortHash({ kind, namespace, name, uid, type, reason, message });

/** More than these are not kept by anyone. */
const mostNames = 5000;

/**
 * Writes events into the store; the same words about the same object again raise the count of the first. Names end in the time, so that lists
 * have the events of an object in the order in which they happened.
 */
export function eventRecorder(store: ObjectStore, clock: Clock, component: string): RecordEvent {
  let names: Map<string, string> | undefined;
  /** The names of this component's events by their words: also of those from before a restart. */
  const known = (): Map<string, string> => {
    if (names && names.size < mostNames) return names;
    const mine = store.list('events').items.filter(({ source }) => source.component === component);
    names = new Map(mine.map((each) => [keyOf(each), each.metadata.name]));
    return names;
  };
  return (about, type, reason, message) => {
    const key = keyOf({ involvedObject: about, type, reason, message });
    const now = clock.now();
    const lastTimestamp = secondsText(now);
    const before = store.get('events', about.namespace, known().get(key) ?? '');
    if (before) {
      const { resourceVersion: _old, ...metadata } = before.metadata;
      const count = before.count + 1;
      const series = { count, lastObservedTime: microsText(now) };
      store.update('events', { ...before, metadata, count, lastTimestamp, series });
      return;
    }
    const name = freeName(store, about, now);
    known().set(key, name);
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

/** The object's name with the time in microseconds, or the next that is free. */
function freeName(
  store: ObjectStore,
  { namespace, name }: KubeEvent['involvedObject'],
  nowMs: number,
): string {
  for (let at = nowMs * 1000; ; at += 1) {
    const free = `${name}.${at}`;
    if (!store.get('events', namespace, free)) return free;
  }
}
