import { AppError, isAppError } from '../lib/app-error.js';
import type { Clock } from '../lib/clock.js';
import { shortHash } from '../lib/short-hash.js';
import type { Engine, PullProgress, RegistryAuth } from './engine.js';
import { mayBeDenied } from './pull/explain-failure.js';

export interface PullRequest {
  readonly image: string;
  /** Tried in order while the registry denies; none: it is asked anonymously. */
  readonly auths: readonly RegistryAuth[];
  /** Who asks, for the others that wait for the same image. */
  readonly who: string;
  readonly signal: AbortSignal;
  /** To one of those that wait, once a second at most. */
  onProgress(progress: PullProgress): void;
  /** Somebody else's pull of the image was found under way. */
  onFollow(whose: string): void;
}
export type PullImage = (request: PullRequest) => Promise<void>;

/** Each showing is a write to the store, which every watcher is sent: one per image and second is what a person can read. */
const showEveryMs = 1000;
/** A pod that is made anew comes back for its image within this time; only then is a pull that nobody waits for broken off. */
const lingerMs = 30_000;

interface Running {
  readonly key: string;
  readonly done: Promise<void>;
  readonly waiters: PullRequest[];
  leave(request: PullRequest): void;
}

/**
 * Pulls each image once at a time. Who asks with the same credentials shares the pull, and gives up alone; who has others waits for its end
 * and asks anew, so that nobody gets an image by somebody else's name.
 */
export function sharedPulls(engine: Engine, clock: Clock, closing: AbortSignal): PullImage {
  const pulls = new Map<string, Running>();

  const begin = (key: string, { image, auths }: PullRequest): Running => {
    const waiters: PullRequest[] = [];
    const ending = new AbortController();
    let newest: PullProgress | undefined;
    let stopWaiting: (() => void) | undefined;
    let isOver = false;
    let stopLingering = () => {};
    const onProgress = (progress: PullProgress) => {
      if (progress.totalBytes <= 0) return;
      newest = progress;
      if (!stopWaiting) show();
    };
    // The last word before a silence is shown as well.
    const show = () => {
      if (newest) waiters[0]?.onProgress(newest);
      stopWaiting = newest && clock.after(showEveryMs, show);
      newest = undefined;
    };
    const signal = AbortSignal.any([closing, ending.signal]);
    const done = tryInOrder(engine, image, auths, { signal, onProgress }).finally(() => {
      isOver = true;
      stopWaiting?.();
      stopLingering();
      pulls.delete(image);
    });
    done.catch(() => {});
    const running: Running = {
      key,
      done,
      waiters,
      leave(request) {
        const at = waiters.indexOf(request);
        if (at >= 0) waiters.splice(at, 1);
        stopLingering();
        if (waiters.length === 0 && !isOver)
          stopLingering = clock.after(lingerMs, () => waiters.length === 0 && ending.abort());
      },
    };
    pulls.set(image, running);
    return running;
  };

  return async (request) => {
    const { image, auths, signal } = request;
    const key = shortHash(auths);
    const givenUp = new Promise<never>((_resolve, reject) => {
      const give = () => reject(new AppError('ImagePull', `the pull of ${image} was given up`));
      if (signal.aborted) give();
      else signal.addEventListener('abort', give, { once: true });
    });
    givenUp.catch(() => {});
    for (;;) {
      const found = pulls.get(image);
      const leader = found?.waiters[0];
      if (leader) request.onFollow(leader.who);
      if (found && found.key !== key) {
        await Promise.race([found.done.catch(() => {}), givenUp]);
        continue;
      }
      if (signal.aborted) return givenUp;
      const running = found ?? begin(key, request);
      running.waiters.push(request);
      try {
        return await Promise.race([running.done, givenUp]);
      } finally {
        running.leave(request);
      }
    }
  };
}

/** As the kubelet does: the next credentials are tried where the registry would not have these. */
async function tryInOrder(
  engine: Engine,
  image: string,
  auths: readonly RegistryAuth[],
  options: { signal: AbortSignal; onProgress(progress: PullProgress): void },
): Promise<void> {
  const last = auths.length - 1;
  for (const [at, auth] of (auths.length > 0 ? auths : [undefined]).entries()) {
    try {
      return await engine.pullImage(image, { ...options, ...(auth && { auth }) });
    } catch (error) {
      const isRefused = isAppError(error, 'ImagePull') && mayBeDenied(error.message);
      if (!isRefused || at >= last) throw error;
    }
  }
}
