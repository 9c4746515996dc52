import type { Rules } from './types.js';

/** What is weighed when something has to go: a ServingGroup, or a role instance. */
export interface Candidate {
  readonly ordinal: number;
  readonly running: boolean;
  readonly deleting: boolean;
  /** Sum of the pod-deletion-costs of its pods. */
  readonly cost: number;
  /** Among the first that a partition protects. */
  readonly guarded: boolean;
}

/**
 * Those that are too many, the first to go first, what is being deleted already among them. `ordinal`: whatever lies beyond the range.
 * `upstream`: as many as there are too many; the guarded last, else what is not Running, then the lower cost, then the higher ordinal
 * (kthena's controller, manageServingGroupReplicas and scaleDownRoles). Pure.
 */
export function victims<C extends Candidate>(rules: Rules, all: readonly C[], wanted: number): C[] {
  if (rules === 'ordinal') {
    return all.filter(({ ordinal }) => ordinal >= wanted).sort((a, b) => b.ordinal - a.ordinal);
  }
  return [...all].sort(bySacrifice).slice(0, Math.max(0, all.length - wanted));
}

const bySacrifice = (a: Candidate, b: Candidate): number =>
  Number(b.deleting) - Number(a.deleting) ||
  Number(a.guarded) - Number(b.guarded) ||
  Number(a.running) - Number(b.running) ||
  a.cost - b.cost ||
  b.ordinal - a.ordinal;

/** In words, what made it the first to go. */
export const whyVictim = (rules: Rules, { running, cost }: Candidate): string => {
  if (rules === 'ordinal') return 'it is the highest ordinal';
  if (!running) return 'it is not Running';
  return cost === 0 ? 'it is the highest ordinal of those that cost nothing' : `its deletion cost is ${cost}`;
};
