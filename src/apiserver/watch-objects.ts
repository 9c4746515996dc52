import type { KindFacts } from '../api/kinds.js';
import type { AnyResource } from '../api/types/resources.js';
import { isAppError } from '../lib/app-error.js';
import type { ObjectStore } from '../store/object-store.js';
import { errorStatus } from './error-status.js';
import type { Exchange } from './exchange.js';
import type { ListOptions } from './list-options.js';
import { refuseFuture } from './list-page.js';
import type { ObjectForm } from './object-form.js';
import { watchStream } from './watch-stream.js';

const bookmarkEveryMs = 60_000;
/** The longest that a Node.js timer can wait; a longer one would end at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * The changes of a list, one JSON object per line, until the client goes or its time is up. A client that reads too slowly is cut off: it
 * lists again. Without a version, or with 0, or when the client asks for it, a watch begins with what exists.
 */
export async function watchObjects(
  store: ObjectStore,
  { resource }: KindFacts,
  { response, signal }: Exchange,
  options: ListOptions,
  form: ObjectForm,
): Promise<void> {
  const { filter, resourceVersion: asked, sendInitialEvents } = options;
  const isFromNow = asked === '' || asked === '0';
  const listsFirst = sendInitialEvents ?? isFromNow;
  refuseFuture(store, asked);
  const line = (type: string, text: string) => `{"type":"${type}","object":${text}}\n`;
  const bookmark = (version: string, annotations?: Record<string, string>): string | undefined => {
    const text = options.allowWatchBookmarks ? form.bookmark(version, annotations) : undefined;
    return text === undefined ? undefined : line('BOOKMARK', text);
  };

  const start = store.version();
  const items = listsFirst ? store.list(resource, filter).items : [];
  function* initial(): Generator<string> {
    for (const item of items) yield line('ADDED', form.one(item));
    const end = sendInitialEvents && bookmark(start, { 'k8s.io/initial-events-end': 'true' });
    if (end) yield end;
  }
  const stream = watchStream(response, initial());
  let watch: { close(): void };
  try {
    watch = store.watch<typeof resource>(
      resource,
      ({ type, object }: { type: string; object: AnyResource }) => stream.send(line(type, form.one(object))),
      { ...filter, from: listsFirst || isFromNow ? start : asked },
    );
  } catch (error) {
    if (!isAppError(error, 'Gone')) throw error;
    // As Kubernetes tells it: the watch itself is fine, and ends with this.
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(line('ERROR', JSON.stringify(errorStatus(error).body)));
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  stream.begin();

  // Changes are told in later tasks, in their order: a bookmark queues up behind those of its version.
  const behindChanges = (told: (text: string | undefined) => void) =>
    new Promise<void>((resolve) => {
      const version = store.version();
      setImmediate(() => {
        told(bookmark(version));
        resolve();
      });
    });
  const bookmarks = options.allowWatchBookmarks
    ? setInterval(() => void behindChanges((text) => text && stream.send(text)), bookmarkEveryMs)
    : undefined;
  await timeUp(options.timeoutSeconds * 1000, signal);
  clearInterval(bookmarks);
  await behindChanges((text) => stream.end(text));
  watch.close();
}

/** Resolves after this time (0: never) or when the signal aborts. */
function timeUp(limitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = limitMs > 0 ? setTimeout(done, Math.min(limitMs, longestTimerMs)) : undefined;
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
