import { noTally, type Tally, tallied } from '../lib/tally.js';
import type { Engine } from './engine.js';

/** The same engine, and how often each of its calls was made; streams and watches, which have no end of their own, are not counted. */
export function meteredEngine<E extends Engine>(engine: E): { engine: E; calls: ReadonlyMap<string, Tally> } {
  const calls = new Map<string, Tally>();
  const counted =
    (name: string, call: (...words: unknown[]) => unknown) =>
    (...words: unknown[]): unknown => {
      const beganMs = performance.now();
      const answer = call.apply(engine, words);
      if (!(answer instanceof Promise)) return answer;
      const note = (hasFailed: boolean) =>
        void calls.set(name, tallied(calls.get(name) ?? noTally, beganMs, hasFailed));
      answer.then(
        () => note(false),
        () => note(true),
      );
      return answer;
    };
  const metered = Object.entries(engine).map(([name, value]) => [
    name,
    typeof value === 'function' ? counted(name, value as (...words: unknown[]) => unknown) : value,
  ]);
  return { engine: Object.fromEntries(metered) as E, calls };
}
