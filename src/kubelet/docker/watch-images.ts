import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { jsonLines } from './json-lines.js';

const longestPauseMs = 30_000;

/**
 * Says that an image got a name or came in, for ever. A stream of its own: that of the containers asks for our label, which images do not carry.
 * What happens while it is broken is not told: who waits for an image looks again by itself.
 */
export function watchImages(docker: Docker, handler: () => void, signal: AbortSignal): void {
  const filters = JSON.stringify({ type: ['image'], event: ['pull', 'tag', 'load', 'import', 'create'] });
  const follow = async () => {
    let pauseMs = 500;
    while (!signal.aborted) {
      try {
        const stream = (await docker.getEvents({ filters })) as Readable;
        const stop = () => stream.destroy();
        signal.addEventListener('abort', stop, { once: true });
        stream.once('close', () => signal.removeEventListener('abort', stop));
        if (signal.aborted) stop();
        for await (const _event of jsonLines(stream as AsyncIterable<Buffer>)) {
          pauseMs = 500;
          handler();
        }
      } catch {
        // Whether the engine answers is judged by the other stream.
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
  };
  void follow();
}
