import type { Clock } from './clock.js';
import { noTally, type Tally, tallied } from './tally.js';

/** What a pass asks for when it ends: nothing, or another look after a while. A thrown error means retry with back-off. */
export type Verdict = { againAfterMs: number } | undefined;

/** How the queue stands, and the passes since its start. */
export interface QueueFigures {
  readonly passes: Tally;
  readonly due: number;
  readonly running: number;
  /** For a time that was asked for, or after a failure. */
  readonly delayed: number;
}

export interface WorkQueue {
  /** Asks for a pass over `key`; asked twice before it starts, it runs once; asked while it runs, once more after. */
  add(key: string, delayMs?: number): void;
  /** Resolves when nothing runs and nothing is due now (delayed keys may remain). */
  idle(): Promise<void>;
  figures(): QueueFigures;
  /** Stops taking work and resolves when running passes have ended. */
  close(): Promise<void>;
}

/**
 * A level-triggered queue of names: at most one pass per key at a time, `concurrency` keys at once.
 * Failed passes come back after 100 ms doubling to 30 s; a pass that succeeds resets that.
 */
export function workQueue(options: {
  clock: Clock;
  run: (key: string) => Promise<Verdict> | Verdict;
  concurrency?: number;
  onError?: (key: string, error: unknown, retryInMs: number) => void;
}): WorkQueue {
  const { clock, run, concurrency = 1, onError } = options;
  const ready = new Set<string>();
  const running = new Set<string>();
  const delayed = new Map<string, { at: number; cancel: () => void }>();
  const failures = new Map<string, number>();
  let passes = noTally;
  let closed = false;
  const waiters: (() => void)[] = [];

  const settle = () => {
    if (running.size > 0 || (ready.size > 0 && !closed)) return;
    for (const wake of waiters.splice(0)) wake();
  };

  const add = (key: string, delayMs = 0) => {
    if (closed) return;
    if (delayMs > 0) {
      const at = clock.now() + delayMs;
      const earlier = delayed.get(key);
      if (ready.has(key) || (earlier && earlier.at <= at)) return;
      earlier?.cancel();
      const cancel = clock.after(delayMs, () => {
        delayed.delete(key);
        add(key);
      });
      delayed.set(key, { at, cancel });
      return;
    }
    delayed.get(key)?.cancel();
    delayed.delete(key);
    ready.add(key);
    queueMicrotask(pump);
  };

  const pump = () => {
    for (const key of ready) {
      if (closed || running.size >= concurrency) break;
      if (running.has(key)) continue;
      ready.delete(key);
      running.add(key);
      void pass(key);
    }
    settle();
  };

  const pass = async (key: string) => {
    const beganMs = performance.now();
    try {
      const verdict = await run(key);
      passes = tallied(passes, beganMs, false);
      failures.delete(key);
      if (verdict) add(key, Math.max(1, verdict.againAfterMs));
    } catch (error) {
      passes = tallied(passes, beganMs, true);
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      const retryInMs = Math.min(30_000, 100 * 2 ** (count - 1));
      onError?.(key, error, retryInMs);
      add(key, retryInMs);
    } finally {
      running.delete(key);
      pump();
    }
  };

  const idle = () =>
    new Promise<void>((resolve) => {
      waiters.push(resolve);
      queueMicrotask(settle);
    });

  return {
    add,
    idle,
    figures: () => ({ passes, due: ready.size, running: running.size, delayed: delayed.size }),
    close() {
      closed = true;
      ready.clear();
      for (const { cancel } of delayed.values()) cancel();
      delayed.clear();
      return idle();
    },
  };
}
