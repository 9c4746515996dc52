import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScalingOperation } from '../../../src/api/types/resources.js';
import { silentLogger } from '../../../src/lib/logger.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';
import { startJournal } from '../../../src/store/journal.js';
import { eventRecorder } from '../../../src/store/record-event.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const about = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a', uid: 'uid' };
const operation = (name: string): ScalingOperation => ({
  apiVersion: 'minithena.dev/v1alpha1',
  kind: 'ScalingOperation',
  metadata: { name, namespace: 'default' },
  spec: { modelServing: 'sample', generation: 2, change: 'replicas 3 → 4', kinds: ['up'] },
  status: { phase: 'Running', stages: [], holds: [], startedAt: '' },
});
const nextTask = () => new Promise((resolve) => setImmediate(resolve));
const file = () => join(directory, 'journal.jsonl');

/** One life of the process: everything that `work` does, then an end. */
async function life(
  work: (store: ReturnType<typeof createObjectStore>, tell: (message: string) => void) => void,
  logger = silentLogger,
) {
  const clock = manualClock();
  const store = createObjectStore({ clock });
  const journal = startJournal({ directory, store, logger });
  const tell = eventRecorder(store, clock, 'test');
  work(store, (message) => tell(about, 'Normal', 'Reason', message));
  await nextTask();
  await journal.close();
  return store;
}

describe('the journal', () => {
  it('has on disk what it was asked for, and lets rest what was deleted', async () => {
    const clock = manualClock();
    const store = createObjectStore({ clock });
    const journal = startJournal({ directory, store, logger: silentLogger });
    const tell = eventRecorder(store, clock, 'test');
    tell(about, 'Normal', 'Reason', 'stays');
    tell(about, 'Normal', 'Reason', 'goes');
    await journal.written();
    expect(readFileSync(file(), 'utf8')).toContain('goes');
    const goes = store.list('events').items.find(({ message }) => message === 'goes');
    if (goes) store.remove('events', goes.metadata);
    await journal.written();
    // Killed here: nothing is closed.
    const next = await life(() => {});
    expect(next.list('events').items.map(({ message }) => message)).toEqual(['stays']);
    await journal.close();
  });

  it('brings events and operations back in their last state', async () => {
    await life((store, tell) => {
      tell('first');
      tell('second');
      tell('first');
      const { metadata } = store.create('scalingoperations', operation('sample-2'));
      const status = { ...operation('').status, phase: 'Complete' as const };
      store.updateStatus('scalingoperations', { ...metadata, uid: metadata.uid ?? '' }, status);
    });
    const next = await life(() => {});
    expect(
      next
        .list('events')
        .items.map((each) => [each.message, each.count])
        .sort(),
    ).toEqual([
      ['first', 2],
      ['second', 1],
    ]);
    expect(next.list('scalingoperations').items.map((each) => each.status.phase)).toEqual(['Complete']);
  });

  it('counts on where it stood, and does not write again what it read', async () => {
    await life((_store, tell) => tell('first'));
    const before = statSync(file()).size;
    await life(() => {});
    expect(statSync(file()).size).toBe(before);
    const next = await life((_store, tell) => tell('first'));
    expect(next.list('events').items[0]?.count).toBe(2);
  });

  it('bears half a line at its end, and lines that mean nothing', async () => {
    await life((_store, tell) => tell('first'));
    appendFileSync(file(), 'null\n{"resource":"pods","object":{}}\n{"resource":"events"}\n{"resource":"ev');
    const next = await life((_store, tell) => tell('second'));
    expect(next.list('events').items.length).toBe(2);
    const after = await life(() => {});
    expect(
      after
        .list('events')
        .items.map((each) => each.message)
        .sort(),
    ).toEqual(['first', 'second']);
  });

  it('keeps the last 1000 events, in the store within a tenth', async () => {
    const first = await life((_store, tell) => {
      for (let at = 0; at < 2500; at++) tell(`number ${at}`);
    });
    expect(first.list('events').items.length).toBeLessThanOrEqual(1100);
    const messages = (await life(() => {})).list('events').items.map((each) => each.message);
    expect(messages.length).toBe(1000);
    expect(messages).toContain('number 2499');
    expect(messages).toContain('number 1500');
    expect(messages).not.toContain('number 1499');
  });

  it('starts another file when one is full, and reads both', async () => {
    await life((_store, tell) => tell('first'));
    appendFileSync(file(), `${' '.repeat(5 * 1024 * 1024)}\n`);
    await life((_store, tell) => tell('second'));
    expect(existsSync(join(directory, 'journal.1.jsonl'))).toBe(true);
    expect(readFileSync(file(), 'utf8').split('\n').length).toBe(2);
    expect((await life(() => {})).list('events').items.length).toBe(2);
  });

  it('that cannot be written is a warning and stops nothing', async () => {
    rmSync(directory, { recursive: true });
    writeFileSync(directory, 'in the way');
    const warnings: string[] = [];
    const logger = {
      ...silentLogger,
      warn: (_fields: object, message: string) => void warnings.push(message),
    };
    const store = await life((_store, tell) => tell('first'), logger);
    expect(store.list('events').items.length).toBe(1);
    expect(warnings).toEqual(['the journal could not be written']);
  });
});
