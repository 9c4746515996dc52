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

type Line = (
  | { resource: 'events'; object: KubeEvent }
  | { resource: 'scalingoperations'; object: ScalingOperation }
) & { isGone?: true };

/**
 * What happened, kept over restarts: reads the last events and scaling operations back into the store, then appends every change of them to
 * `<directory>/journal.jsonl`. It explains and never decides: what cannot be written is logged and lost.
 */
export function startJournal(options: { directory: string; store: ObjectStore; logger: Logger }): {
  /** Resolves when all that has happened so far is written. */
  written(): Promise<void>;
  close(): Promise<void>;
} {
  const { directory, store, logger } = options;
  const file = join(directory, 'journal.jsonl');
  const older = join(directory, 'journal.1.jsonl');
  for (const line of latest([...read(older), ...read(file)])) restore(store, line);

  // What is appended next must not run on from half a line.
  let waiting: string[] = endsInHalfALine(file) ? ['\n'] : [];
  let flushing = false;
  let writing = Promise.resolve();
  let size = existsSync(file) ? statSync(file).size : 0;
  const flush = async () => {
    const text = waiting.join('');
    waiting = [];
    flushing = false;
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
    if (!flushing) writing = writing.then(flush);
    flushing = true;
    waiting.push(`${JSON.stringify(line)}\n`);
  };
  const keep = (resource: Line['resource'], limit: number) => {
    let added = 0;
    return store.watch<Line['resource']>(resource, ({ type, object }) => {
      const { namespace, name } = object.metadata;
      if (type === 'DELETED')
        append({ resource, object: { metadata: { namespace, name } }, isGone: true } as Line);
      else append({ resource, object } as Line);
      // In bulk, so that a store at its limit is not searched at every event.
      if (type !== 'ADDED' || ++added < limit / 10) return;
      added = 0;
      dropOldest(store, resource, limit);
    });
  };
  const watches = [keep('events', keptEvents), keep('scalingoperations', keptOperations)];
  return {
    async written() {
      // Changes are told in a later task.
      await new Promise((resolve) => setImmediate(resolve));
      await writing;
    },
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
        const line = JSON.parse(text) as Partial<Line> | null;
        const isOurs = line?.resource === 'events' || line?.resource === 'scalingoperations';
        return isOurs && line.object?.metadata?.name ? [line as Line] : [];
      } catch {
        // A kill in the middle of an append leaves half a line; the empty end of the file comes here too.
        return [];
      }
    });
}

function endsInHalfALine(file: string): boolean {
  return existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
}

/** The last line of each object, oldest objects dropped. */
function latest(lines: readonly Line[]): Line[] {
  const byKey = new Map<string, Line>();
  for (const line of lines) {
    const key = `${line.resource}/${line.object.metadata.namespace}/${line.object.metadata.name}`;
    byKey.delete(key);
    if (!line.isGone) byKey.set(key, line);
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

function dropOldest(store: ObjectStore, resource: Line['resource'], limit: number): void {
  const { items } = store.list<Line['resource']>(resource);
  const byAge = [...items].sort(
    (a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion),
  );
  for (const { metadata } of byAge.slice(0, Math.max(0, items.length - limit)))
    store.remove(resource, metadata);
}
