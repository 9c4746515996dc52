import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../src/lib/app-error.js';
import type { Draft } from '../../../src/tui/model/draft.js';
import { reduce } from '../../../src/tui/model/reduce.js';
import { followDraft } from '../../../src/tui/outside/follow-draft.js';
import { pressKeys } from './press-keys.js';
import { nothing, running } from './sample-models.js';

let folder: string;
let file: string;
let stop: AbortController;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minithena-draft-'));
  file = join(folder, 'serving.yaml');
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  rmSync(folder, { recursive: true });
});

function follow() {
  const told: Draft[] = [];
  const asked: string[] = [];
  const world = { runs: 'as it was' };
  void followDraft({
    file,
    everyMs: 5,
    basis: () => world.runs,
    async plan(text) {
      asked.push(text);
      if (text === 'wrong') throw new AppError('SpecInvalid', `${file}:6:13: no number`);
      return [{ namespace: 'default', name: 'sample', change: text, stages: [] }];
    },
    words: (error) => (error as Error).message,
    tell: (draft) => told.push(draft),
    signal: stop.signal,
  });
  const soon = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 5 });
  return { told, asked, world, soon };
}

test('a draft is planned when it appears, when it is written, and when what runs has changed', async () => {
  const { told, asked, world, soon } = follow();
  await soon(() => expect(told).toEqual([{ file, from: '', outcome: { state: 'waiting' } }]));
  writeFileSync(`${file}.draft`, 'one');
  await soon(() => expect(told.at(-1)?.outcome).toMatchObject({ plans: [{ change: 'one' }] }));
  world.runs = 'otherwise';
  await soon(() => expect(asked).toEqual(['one', 'one']));
  writeFileSync(`${file}.draft`, 'two');
  await soon(() => expect(told.at(-1)).toMatchObject({ from: `${file}.draft`, outcome: { plans: [{}] } }));
  await soon(() => expect(asked.at(-1)).toBe('two'));
  rmSync(`${file}.draft`);
  await soon(() => expect(told.at(-1)?.outcome.state).toBe('waiting'));
});

test('what is wrong with it has its place in the draft', async () => {
  writeFileSync(`${file}.new`, 'wrong');
  const { told, soon } = follow();
  const message = `${file}.new:6:13: no number`;
  await soon(() => expect(told.at(-1)?.outcome).toEqual({ state: 'refused', message }));
});

test('the key asks and ends it; without a file there is nothing to ask', () => {
  const asked = pressKeys(running, 'P');
  expect(asked.effects).toEqual([{ type: 'openDraft', file: asked.model.draft?.file }]);
  const ended = pressKeys(asked.model, 'P');
  expect(ended).toMatchObject({ model: { draft: undefined }, effects: [{ type: 'closeDraft' }] });
  const late: Draft = { file: asked.model.draft?.file ?? '', from: '', outcome: { state: 'waiting' } };
  expect(reduce(ended.model, { type: 'drafted', draft: late }).model.draft).toBeUndefined();
  expect(pressKeys(nothing, 'P').model.flash?.bad).toBe(true);
});
