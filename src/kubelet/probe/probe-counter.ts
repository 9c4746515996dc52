import type { Probe } from 'kubernetes-types/core/v1.js';

/** Successes or failures in a row, and what they add up to so far. */
export interface ProbeCounter {
  readonly verdict: boolean;
  readonly last: boolean | undefined;
  readonly inARow: number;
}

/** Kubernetes' start: a container is alive until shown otherwise, and neither ready nor started until shown. */
export const newCounter = (verdict: boolean): ProbeCounter => ({ verdict, last: undefined, inARow: 0 });

/** The verdict changes only after `successThreshold` or `failureThreshold` equal results in a row. Pure. */
export function countResult(counter: ProbeCounter, succeeded: boolean, probe: Probe): ProbeCounter {
  const inARow = counter.last === succeeded ? counter.inARow + 1 : 1;
  const needed = succeeded ? probe.successThreshold || 1 : probe.failureThreshold || 3;
  return { verdict: inARow >= needed ? succeeded : counter.verdict, last: succeeded, inARow };
}
