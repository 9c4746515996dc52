import type { Rules } from './types.js';

/** An instance of one role, as its roll-out sees it. */
export interface RollingInstance {
  readonly ordinal: number;
  readonly running: boolean;
  readonly deleting: boolean;
  readonly outdated: boolean;
}

export interface RoleLimits {
  readonly replicas: number;
  /** How many may be out of Running at once; undefined: all of them. */
  readonly maxUnavailable: number | undefined;
  /** The first so many by position are never rolled. */
  readonly partition: number;
}

/**
 * RoleRollingUpdate within one role of one group: who is to be replaced, in the order in which they go. What is not Running comes first,
 * then the highest ordinal; `budget` is how many of them may go now. A protected one that is down counts as unavailable; kthena's own rules
 * leave it out. Pure.
 */
export function outdatedInstances<I extends RollingInstance>(
  instances: readonly I[],
  { replicas, maxUnavailable, partition }: RoleLimits,
  rules: Rules,
): { going: I[]; budget: number } {
  const byOrdinal = [...instances].sort((a, b) => a.ordinal - b.ordinal);
  const going = byOrdinal
    .slice(partition)
    .filter((each) => each.outdated && !each.deleting)
    .sort((a, b) => Number(a.running) - Number(b.running) || b.ordinal - a.ordinal);
  if (maxUnavailable === undefined) return { going, budget: going.length };
  const away = byOrdinal.filter(
    ({ deleting, outdated, running }, position) =>
      deleting || (!running && (!outdated || (rules === 'ordinal' && position < partition))),
  ).length;
  const spare = instances.length - Math.max(0, replicas - maxUnavailable) - away;
  return { going, budget: Math.max(0, spare) };
}
