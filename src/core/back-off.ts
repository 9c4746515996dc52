import type { BackOff } from './types.js';

const longestMs = 300_000;
const healthyMs = 600_000;

/** How long a re-creation waits: the first failure costs nothing, then 10 s doubling up to 5 min. */
export const backOffDelayMs = (failures: number): number =>
  failures < 2 ? 0 : Math.min(longestMs, 10_000 * 2 ** (failures - 2));

/** When what failed may be made again. Epoch ms; 0 when it never failed. */
export const backOffUntilMs = (entry: BackOff | undefined): number =>
  entry === undefined ? 0 : entry.lastFailureMs + backOffDelayMs(entry.failures);

/** Ten minutes after it was made again, a thing that did not fail since counts as healthy. */
export const isForgiven = (entry: BackOff, nowMs: number): boolean =>
  nowMs >= backOffUntilMs(entry) + healthyMs;

export const afterFailure = (entry: BackOff | undefined, nowMs: number): BackOff => ({
  failures: entry === undefined || isForgiven(entry, nowMs) ? 1 : entry.failures + 1,
  lastFailureMs: nowMs,
});
