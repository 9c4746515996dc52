import { pullsOf } from '../../api/pull-message.js';
import type { KubeEvent, Pod } from '../../api/types/resources.js';
import type { ChangeLine } from './change-line.js';

const everyPercent = 10;
const everyMs = 10_000;

interface Shown {
  percent: number;
  atMs: number;
}

/**
 * The lines of `up` about images, one per image however many pods want it: when its pull begins, at every 10 % or 10 s, and at its end. Begin and end
 * are events, so they are told of a real cluster as well; how far it is stands in the pods' waiting message.
 */
export function pullLines() {
  const shown = new Map<string, Shown>();
  const pulled = new Set<string>();
  return {
    pod(pod: Pod, nowMs: number): ChangeLine[] {
      return pullsOf(pod).flatMap(({ image, amount, percent }) => {
        const before = shown.get(image);
        if (!before) {
          shown.set(image, { percent: percent ?? 0, atMs: nowMs });
          return [line('busy', image, 'pulling', amount && `${amount} (${percent} %)`)];
        }
        if (percent === undefined) return [];
        const isFurther = percent >= before.percent + everyPercent;
        // What is still being announced makes the whole grow: less of it is there than before.
        if (!isFurther && nowMs - before.atMs < everyMs) return [];
        shown.set(image, { percent: percent - (percent % everyPercent), atMs: nowMs });
        return [line('busy', image, 'pulling', `${amount} (${percent} %)`)];
      });
    },
    event({ reason, message }: KubeEvent, nowMs: number): ChangeLine[] {
      const pulling = reason === 'Pulling' ? /^Pulling image "([^"]+)"/.exec(message)?.[1] : undefined;
      if (pulling !== undefined && !shown.has(pulling) && !pulled.has(pulling)) {
        shown.set(pulling, { percent: 0, atMs: nowMs });
        return [line('busy', pulling, 'pulling', '')];
      }
      const [, done, span = ''] =
        (reason === 'Pulled' && /^Successfully pulled image "([^"]+)"(?: in (\S+))?/.exec(message)) || [];
      if (done === undefined) return [];
      shown.delete(done);
      if (pulled.has(done)) return [];
      pulled.add(done);
      return [line('good', done, 'pulled', span && `in ${span}`)];
    },
  };
}

const line = (level: ChangeLine['level'], image: string, word: string, reason: string): ChangeLine => ({
  level,
  subject: `image ${image}`,
  word,
  reason,
});
