import type { AnyResource, KubeEvent } from '../api/types/resources.js';
import { toldMeta } from './told-meta.js';

/** An Event as events.k8s.io/v1 tells it: the same object under other names. Pure. */
export function newerEvent(event: AnyResource): object {
  const { apiVersion, metadata, type, reason, message, involvedObject, source, count, ...times } =
    event as KubeEvent;
  const { firstTimestamp, lastTimestamp, eventTime, series } = times;
  return {
    kind: 'Event',
    apiVersion: 'events.k8s.io/v1',
    metadata: toldMeta(apiVersion, metadata),
    eventTime: eventTime ?? null,
    ...(series && { series }),
    reportingController: source.component,
    type,
    reason,
    note: message,
    regarding: involvedObject,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
  };
}
