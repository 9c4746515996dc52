import { type KindFacts, pathOf } from '../api/kinds.js';
import type { ResourceName, Resources } from '../api/types/resources.js';
import { AppError, messageOf } from '../lib/app-error.js';
import type { Connection } from './open-connection.js';

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}
/** After DISCONNECTED a watch lists anew: ADDED for what exists, then SYNCED. */
export type Change<K extends ResourceName = ResourceName> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: Resources[K] }
  | { readonly type: 'SYNCED' }
  | { readonly type: 'DISCONNECTED'; readonly message: string };

export interface ListOf<T> {
  metadata: { resourceVersion: string };
  items: T[];
}

const longestPauseMs = 2000;

export function listPath(facts: KindFacts, options: ListOptions, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(more);
  if (options.labelSelector) query.set('labelSelector', options.labelSelector);
  if (options.fieldSelector) query.set('fieldSelector', options.fieldSelector);
  const text = query.toString();
  return `${pathOf(facts, options.namespace)}${text === '' ? '' : `?${text}`}`;
}

/** Lists, then follows, until the signal aborts; whenever contact is lost it says so once and begins again. */
export async function watchResource<K extends ResourceName>(
  connection: Connection,
  facts: KindFacts,
  options: ListOptions,
  onChange: (change: Change<K>) => void,
  signal: AbortSignal,
): Promise<void> {
  let pauseMs = 100;
  let isConnected = true;
  while (!signal.aborted) {
    try {
      const listed = await connection.call<ListOf<Resources[K]>>('GET', listPath(facts, options));
      if (signal.aborted) return;
      for (const object of listed.items) onChange({ type: 'ADDED', object });
      onChange({ type: 'SYNCED' });
      isConnected = true;
      pauseMs = 100;
      await follow(connection, facts, options, listed.metadata.resourceVersion, onChange, signal);
      throw new AppError('DaemonUnreachable', 'the connection was closed');
    } catch (error) {
      if (signal.aborted) return;
      if (isConnected) onChange({ type: 'DISCONNECTED', message: messageOf(error) });
      isConnected = false;
    }
    await pause(pauseMs, signal);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }
}

async function follow<K extends ResourceName>(
  connection: Connection,
  facts: KindFacts,
  options: ListOptions,
  resourceVersion: string,
  onChange: (change: Change<K>) => void,
  signal: AbortSignal,
): Promise<void> {
  const pieces = await connection.stream(listPath(facts, options, { watch: '1', resourceVersion }), signal);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    rest += decoder.decode(piece, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') continue;
      const { type, object } = JSON.parse(line) as { type: string; object: Resources[K] };
      if (type === 'ERROR') throw new AppError('Gone', 'the watch is too old');
      if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') onChange({ type, object });
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
