import type { Clock } from './clock.js';

/** A clock that moves only when told: `advance` runs what became due, in order of time. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** Milliseconds until the next timer is due; undefined when nothing waits. */
  nextDueMs(): number | undefined;
}

export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let now = startMs;
  let sequence = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  const earliest = () => [...timers].sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
  return {
    now: () => now,
    after(delayMs, run) {
      const id = sequence++;
      timers.set(id, { at: now + Math.max(0, delayMs), run });
      return () => void timers.delete(id);
    },
    advance(ms) {
      const until = now + ms;
      for (let next = earliest(); next && next[1].at <= until; next = earliest()) {
        timers.delete(next[0]);
        now = Math.max(now, next[1].at);
        next[1].run();
      }
      now = until;
    },
    nextDueMs() {
      const next = earliest();
      return next && Math.max(0, next[1].at - now);
    },
  };
}
