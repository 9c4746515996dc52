import { groupVersionOf, type KindFacts, pathOf } from '../api/kinds.js';
import type { ResourceName, Resources } from '../api/types/resources.js';
import { isAppError, messageOf } from '../lib/app-error.js';
import type { Connection } from './open-connection.js';
import { toldError } from './told-error.js';

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}
/** After DISCONNECTED a watch lists anew: DELETED for what has gone meanwhile, ADDED for what exists, then SYNCED. */
export type Change<K extends ResourceName = ResourceName> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: Resources[K] }
  | { readonly type: 'SYNCED' }
  | { readonly type: 'DISCONNECTED'; readonly message: string; readonly error?: unknown };

export interface ListOf<T> {
  metadata: { resourceVersion: string };
  items: T[];
}
/** One line of a watch, as it comes. */
interface Told<K extends ResourceName> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: Resources[K];
}

const firstPauseMs = 100;
const longestPauseMs = 2000;
/** What is not served, or may not be seen, seldom comes. */
const withoutPauseMs = 30_000;

export function listPath(facts: KindFacts, options: ListOptions, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(more);
  if (options.labelSelector) query.set('labelSelector', options.labelSelector);
  if (options.fieldSelector) query.set('fieldSelector', options.fieldSelector);
  const text = query.toString();
  return `${pathOf(facts, options.namespace)}${text === '' ? '' : `?${text}`}`;
}

/**
 * Lists, then follows, until the signal aborts; whenever contact is lost it says so once and begins again. That a server ends a watch in its
 * own time is no loss: it goes on from the last version. A kind that the server does not have is an empty list.
 */
export async function watchResource<K extends ResourceName>(
  connection: Connection,
  facts: KindFacts,
  options: ListOptions,
  onChange: (change: Change<K>) => void,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map<string, Resources[K]>();
  let pauseMs = firstPauseMs;
  let lastSaid: 'SYNCED' | 'DISCONNECTED' | '' = '';

  const sayOnce = (change: Extract<Change, { type: 'SYNCED' | 'DISCONNECTED' }>) => {
    if (lastSaid !== change.type) onChange(change);
    lastSaid = change.type;
  };
  const tell = (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Resources[K]) => {
    if (type === 'DELETED') known.delete(keyOf(object));
    else known.set(keyOf(object), object);
    onChange({ type, object });
  };
  const list = async (): Promise<string> => {
    const listed = await connection.call<ListOf<Resources[K]>>('GET', listPath(facts, options));
    if (signal.aborted) return '';
    const present = new Set(listed.items.map(keyOf));
    for (const [key, object] of [...known]) if (!present.has(key)) tell('DELETED', object);
    for (const object of listed.items) tell('ADDED', { ...typeOf(facts), ...object });
    sayOnce({ type: 'SYNCED' });
    pauseMs = firstPauseMs;
    return listed.metadata.resourceVersion;
  };

  while (!signal.aborted) {
    try {
      let version = await list();
      while (!signal.aborted) {
        version = await follow(connection, facts, options, version, tell, signal);
        await pause(firstPauseMs, signal);
      }
    } catch (error) {
      if (signal.aborted) return;
      const isUnknownKind = isAppError(error, 'NotFound');
      if (isUnknownKind) {
        for (const object of [...known.values()]) tell('DELETED', object);
        sayOnce({ type: 'SYNCED' });
      } else if (!isAppError(error, 'Gone'))
        sayOnce({ type: 'DISCONNECTED', message: messageOf(error), error });
      await pause(isUnknownKind || isAppError(error, 'Forbidden') ? withoutPauseMs : pauseMs, signal);
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
  }
}

/** Tells changes until the server ends the watch; resolves with the version to go on from. Throws Gone when that is too old. */
async function follow<K extends ResourceName>(
  connection: Connection,
  facts: KindFacts,
  options: ListOptions,
  from: string,
  tell: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Resources[K]) => void,
  signal: AbortSignal,
): Promise<string> {
  let resourceVersion = from;
  const query = { watch: '1', allowWatchBookmarks: 'true', resourceVersion };
  const pieces = await connection.stream(listPath(facts, options, query), signal);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    rest += decoder.decode(piece, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') continue;
      const { type, object } = JSON.parse(line) as Told<K>;
      if (type === 'ERROR')
        throw toldError((object as unknown as { code: number }).code, JSON.stringify(object));
      resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
      if (type !== 'BOOKMARK') tell(type, object);
    }
  }
  return resourceVersion;
}

/** apiVersion and kind, which the items of a real cluster's list do not say. */
export const typeOf = (facts: KindFacts): { apiVersion: string; kind: string } => ({
  apiVersion: groupVersionOf(facts),
  kind: facts.kind,
});

const keyOf = ({ metadata }: Resources[ResourceName]): string =>
  metadata.uid ?? `${metadata.namespace}/${metadata.name}`;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
