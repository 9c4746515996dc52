import type { KindFacts } from '../api/kinds.js';
import type { WriteParts } from './write-objects.js';

/** Waits until a write can be answered. What is kept in files is on disk already; of Events the journal is still to write. */
export async function untilOnDisk(
  { eventsKept }: Pick<WriteParts, 'eventsKept'>,
  { resource }: KindFacts,
  isDryRun: boolean,
): Promise<void> {
  if (resource === 'events' && !isDryRun) await eventsKept();
}
