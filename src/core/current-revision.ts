import { partitionOf } from './limits.js';
import type { Desired, GroupObserved, Observed } from './types.js';

/**
 * The revision that a roll-out comes from. It stays as long as a group has it, or an ordinal below the partition is missing and shall come
 * back from it; else the one that most older groups have; the newest when there is no older one.
 */
export function currentRevision(
  desired: Desired,
  observed: Observed,
  groups: readonly GroupObserved[],
): string {
  const before = observed.currentRevision;
  // Also when it is the newest again, halfway back: what is missing below the partition must not come back from what is undone.
  if (groups.some(({ record }) => record.revision === before) || isStillNeeded(desired, observed, groups))
    return before;
  const older = new Map<string, number>();
  for (const { record } of groups) {
    if (record.revision === desired.revision) continue;
    older.set(record.revision, (older.get(record.revision) ?? 0) + 1);
  }
  const [most] = [...older].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? desired.revision;
}

function isStillNeeded(desired: Desired, observed: Observed, groups: readonly GroupObserved[]): boolean {
  if (!observed.revisions[observed.currentRevision]) return false;
  const guarded = Math.min(partitionOf(desired), desired.replicas);
  return groups.filter((group) => group.ordinal < guarded).length < guarded;
}
