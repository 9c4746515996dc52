import type { BackOff } from './types.js';

const longestMs = 300_000;
const healthyMs = 600_000;

/** How long a re-creation waits: the first failure costs nothing, then 10 s doubling up to 5 min. */
export const backOffDelayMs = (failures: number): number =>
  failures < 2 ? 0 : Math.min(longestMs, 10_000 * 2 ** (failures - 2));

/** When what failed may be made again. Epoch ms; 0 when it never failed, or when it is made from another template than the one that did. */
export const backOffUntilMs = (entry: BackOff | undefined, revision: string): number =>
  entry === undefined || isOfOther(entry, revision) ? 0 : endMs(entry);

/** Counted from the failure, not from now: the words stay true while they stand on a screen. */
export const backOffWords = (subject: string, { failures }: BackOff): string =>
  `${subject} failed ${failures} times and is made again ${backOffDelayMs(failures) / 1000} s after the last`;

/** Ten minutes after it was made again, a thing that did not fail since counts as healthy. */
export const isForgiven = (entry: BackOff, nowMs: number): boolean => nowMs >= endMs(entry) + healthyMs;

export const afterFailure = (entry: BackOff | undefined, nowMs: number, revision: string): BackOff => ({
  failures:
    entry === undefined || isForgiven(entry, nowMs) || isOfOther(entry, revision) ? 1 : entry.failures + 1,
  lastFailureMs: nowMs,
  revision,
});

const endMs = ({ failures, lastFailureMs }: BackOff): number => lastFailureMs + backOffDelayMs(failures);

/** A new template begins anew: its owner has perhaps corrected what failed. */
const isOfOther = (entry: BackOff, revision: string): boolean =>
  entry.revision !== undefined && entry.revision !== revision;
