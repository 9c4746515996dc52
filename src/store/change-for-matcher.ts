import type { ObjectMeta } from '../api/types/object-meta.js';
import type { Change } from './object-store.js';

/**
 * A change as a watcher of some objects must hear it: what begins to match is ADDED, what ceases to is DELETED (as it was when it last
 * matched, with the version to go on from); undefined when it concerns none of them. Pure.
 */
export function changeForMatcher<T extends { metadata: ObjectMeta }>(
  { type, object, resourceVersion }: Change<T>,
  previous: T | undefined,
  isMeant: (object: T) => boolean,
): Change<T> | undefined {
  const was = previous !== undefined && isMeant(previous);
  if (type === 'DELETED') return was ? { type, object, resourceVersion } : undefined;
  if (isMeant(object)) return { type: was ? 'MODIFIED' : 'ADDED', object, resourceVersion };
  if (!was) return undefined;
  const metadata = Object.freeze({ ...previous.metadata, resourceVersion });
  return { type: 'DELETED', object: Object.freeze({ ...previous, metadata }), resourceVersion };
}
