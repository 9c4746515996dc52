import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeEvent, ScalingOperation } from '../api/types/resources.js';
import { messageOf } from '../lib/app-error.js';
import type { Logger } from '../lib/logger.js';
import type { ObjectStore } from './object-store.js';

const rotateAtBytes = 4 * 1024 * 1024;
const keptEvents = 1000;
const keptOperations = 100;

type Line =
  | { resource: 'events'; object: KubeEvent }
  | { resource: 'scalingoperations'; object: ScalingOperation };

/**
 * What happened, kept over restarts: reads the last events and scaling operations back into the store, then appends every change of them to
 * `<directory>/journal.jsonl`. It explains and never decides: what cannot be written is logged and lost.
 */
export function startJournal(options: { directory: string; store: ObjectStore; logger: Logger }): {
  close(): Promise<void>;
} {
  const { directory, store, logger } = options;
  const file = join(directory, 'journal.jsonl');
  const older = join(directory, 'journal.1.jsonl');
  for (const line of latest([...read(older), ...read(file)])) restore(store, line);

  let waiting: string[] = [];
  let writing = Promise.resolve();
  let size = existsSync(file) ? statSync(file).size : 0;
  const flush = async () => {
    const text = waiting.join('');
    waiting = [];
    if (text === '') return;
    try {
      if (size > rotateAtBytes) {
        renameSync(file, older);
        size = 0;
      }
      await appendFile(file, text, { mode: 0o600 });
      size += Buffer.byteLength(text);
    } catch (error) {
      logger.warn({ error: messageOf(error) }, 'the journal could not be written');
    }
  };
  const append = (line: Line) => {
    if (waiting.length === 0) writing = writing.then(flush);
    waiting.push(`${JSON.stringify(line)}\n`);
  };
  const watches = [
    store.watch('events', ({ type, object }) => {
      if (type !== 'DELETED') append({ resource: 'events', object });
      if (type === 'ADDED') dropOldest(store, 'events', keptEvents);
    }),
    store.watch('scalingoperations', ({ type, object }) => {
      if (type !== 'DELETED') append({ resource: 'scalingoperations', object });
      if (type === 'ADDED') dropOldest(store, 'scalingoperations', keptOperations);
    }),
  ];
  return {
    async close() {
      for (const watch of watches) watch.close();
      await writing;
    },
  };
}

function read(file: string): Line[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        return text === '' ? [] : [JSON.parse(text) as Line];
      } catch {
        // A kill in the middle of an append leaves half a line, and nothing else is lost by it.
        return [];
      }
    });
}

/** The last line of each object, oldest objects dropped. */
function latest(lines: readonly Line[]): Line[] {
  const byKey = new Map<string, Line>();
  for (const line of lines) {
    const key = `${line.resource}/${line.object.metadata.namespace}/${line.object.metadata.name}`;
    byKey.delete(key);
    byKey.set(key, line);
  }
  const all = [...byKey.values()];
  return [
    ...all.filter((line) => line.resource === 'events').slice(-keptEvents),
    ...all.filter((line) => line.resource === 'scalingoperations').slice(-keptOperations),
  ];
}

function restore(store: ObjectStore, line: Line): void {
  const { resourceVersion: _old, ...metadata } = line.object.metadata;
  if (line.resource === 'events') store.create('events', { ...line.object, metadata });
  else store.create('scalingoperations', { ...line.object, metadata });
}

/** In bulk, so that a store at its limit is not searched at every event. */
function dropOldest(store: ObjectStore, resource: 'events' | 'scalingoperations', limit: number): void {
  const { items } = store.list<'events' | 'scalingoperations'>(resource);
  if (items.length <= limit * 1.1) return;
  const byAge = [...items].sort(
    (a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion),
  );
  for (const { metadata } of byAge.slice(0, items.length - limit)) store.remove(resource, metadata);
}
