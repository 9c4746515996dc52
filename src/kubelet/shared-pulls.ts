import { AppError } from '../lib/app-error.js';
import type { Engine } from './engine.js';

export type PullImage = (image: string, signal: AbortSignal) => Promise<void>;

/** The same image is pulled once at a time; a pull goes on for the other pods when the one that gives up is deleted. */
export function sharedPulls(engine: Engine, closing: AbortSignal): PullImage {
  const pulls = new Map<string, Promise<void>>();
  return (image, signal) => {
    let running = pulls.get(image);
    if (!running) {
      running = engine.pullImage(image, { signal: closing }).finally(() => pulls.delete(image));
      running.catch(() => {});
      pulls.set(image, running);
    }
    const givenUp = new Promise<never>((_resolve, reject) => {
      const give = () => reject(new AppError('ImagePull', `the pull of ${image} was given up`));
      if (signal.aborted) give();
      else signal.addEventListener('abort', give, { once: true });
    });
    return Promise.race([running, givenUp]);
  };
}
