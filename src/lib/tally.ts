/** How often something was done since the start, how often in vain, and how long it took in all. */
export interface Tally {
  readonly succeeded: number;
  readonly failed: number;
  readonly seconds: number;
}

export const noTally: Tally = { succeeded: 0, failed: 0, seconds: 0 };

/** With one more, begun at `beganMs` of performance.now(). */
export const tallied = (before: Tally, beganMs: number, hasFailed: boolean): Tally => ({
  succeeded: before.succeeded + (hasFailed ? 0 : 1),
  failed: before.failed + (hasFailed ? 1 : 0),
  seconds: before.seconds + (performance.now() - beganMs) / 1000,
});
