import { groupVersionOf, type KindFacts } from '../api/kinds.js';
import type { AnyResource } from '../api/types/resources.js';
import { isAppError } from '../lib/app-error.js';
import type { ListFilter, ObjectStore } from '../store/object-store.js';
import { errorStatus } from './error-status.js';
import { type Exchange, isSet } from './exchange.js';
import { includedIn, tableOf, wantsTable } from './table.js';

const longestBacklogBytes = 16 * 1024 * 1024;
const bookmarkEveryMs = 60_000;
/** The longest that a Node.js timer can wait; a longer one would end at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * The changes of a list, one JSON object per line, until the client goes or its time is up. A client that reads too slowly is cut off: it
 * lists again. Without a version, or with 0, or when the client asks for it, a watch begins with what exists.
 */
export async function watchObjects(
  store: ObjectStore,
  facts: KindFacts,
  exchange: Exchange,
  filter: ListFilter,
): Promise<void> {
  const { query, response, signal } = exchange;
  const { resource } = facts;
  const asTable = wantsTable(exchange.request.headers.accept);
  const write = (type: string, object: object) => {
    if (signal.aborted) return;
    response.write(`${JSON.stringify({ type, object })}\n`);
    if (response.writableLength > longestBacklogBytes) response.destroy();
  };
  const send = (type: string, object: AnyResource) => {
    const version = object.metadata.resourceVersion ?? '';
    write(type, asTable ? tableOf(resource, [object], version, includedIn(query)) : object);
  };
  const bookmark = (resourceVersion: string, annotations?: Record<string, string>) =>
    write('BOOKMARK', {
      kind: facts.kind,
      apiVersion: groupVersionOf(facts),
      metadata: { resourceVersion, ...(annotations && { annotations }) },
    });

  const asked = query.get('resourceVersion') ?? '';
  const listsFirst = isSet(query, 'sendInitialEvents') || asked === '' || asked === '0';
  const hasBookmarks = isSet(query, 'allowWatchBookmarks') && !asTable;
  const { items, resourceVersion } = store.list(resource, filter);
  let watch: { close(): void };
  try {
    watch = store.watch(resource, ({ type, object }) => send(type, object), {
      ...filter,
      from: listsFirst ? resourceVersion : asked,
    });
  } catch (error) {
    if (!isAppError(error, 'Gone')) throw error;
    // As Kubernetes tells it: the watch itself is fine, and ends with this.
    response.writeHead(200, { 'content-type': 'application/json' });
    write('ERROR', errorStatus(error).body);
    response.end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  // In one task: a change that is told meanwhile must not come before the object it changes.
  if (listsFirst) for (const item of items) send('ADDED', item);
  if (isSet(query, 'sendInitialEvents') && hasBookmarks)
    bookmark(resourceVersion, { 'k8s.io/initial-events-end': 'true' });

  // Changes are told in later tasks, in their order: a bookmark queues up behind those of its version.
  const bookmarkNow = () =>
    new Promise<void>((resolve) => {
      const { resourceVersion: version } = store.list(resource, filter);
      setImmediate(() => {
        bookmark(version);
        resolve();
      });
    });
  const bookmarks = hasBookmarks ? setInterval(() => void bookmarkNow(), bookmarkEveryMs) : undefined;
  await timeUp(Number(query.get('timeoutSeconds') ?? 0) * 1000, signal);
  clearInterval(bookmarks);
  if (hasBookmarks) await bookmarkNow();
  watch.close();
  response.end();
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
