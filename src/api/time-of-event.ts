import type { KubeEvent } from './types/resources.js';

/** When an Event was last seen, as exactly as it says: text that sorts by time. Other servers leave out what they do not use. */
export const timeOfEvent = ({ series, eventTime, lastTimestamp, metadata }: Partial<KubeEvent>): string =>
  series?.lastObservedTime ?? eventTime ?? lastTimestamp ?? metadata?.creationTimestamp ?? '';
