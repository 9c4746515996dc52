/** How long a container waits before its next start after its n-th crash in a row: none, 10 s, 20 s … 5 min. Pure. */
export const restartDelayMs = (crashes: number): number =>
  crashes <= 1 ? 0 : Math.min(300_000, 10_000 * 2 ** Math.min(crashes - 2, 10));

/** A run of this length ends the series: the next crash counts as the first. */
export const stableRunMs = 600_000;
