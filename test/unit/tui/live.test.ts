import { afterEach, expect, test, vi } from 'vitest';
import { runTui } from '../../../src/tui/run-tui.js';
import { scenario } from '../../scenarios/harness.js';
import { simulatedBed } from '../../scenarios/simulated-bed.js';
import { type FakeTerminal, fakeTerminal } from './fake-terminal.js';
import { storeClient } from './store-client.js';

let close: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const each of close.reverse()) await each();
  close = [];
});
const shows = (terminal: FakeTerminal, text: string | RegExp) =>
  vi.waitFor(() => expect(terminal.text().join('\n')).toMatch(text), { timeout: 30_000 });

test('a role scaled over four groups: the board on the screen is the published table', async () => {
  const bed = simulatedBed();
  const running = await scenario(bed);
  close.push(running.close);
  running.apply(4, [running.role('prefill', 1)]);
  await running.converge();

  const terminal = fakeTerminal(100, 40);
  const { input, output } = terminal;
  const done = runTui({
    client: storeClient(running.store),
    cluster: 'default',
    ascii: false,
    color: true,
    input,
    output,
  });
  close.push(async () => {
    terminal.type('\x03');
    await done;
  });
  await shows(terminal, /default\/sample {2}✅ Available/);
  await shows(terminal, /4\/4 groups Running/);
  await shows(terminal, /sample-3-prefill-0-0 +1\/1 +✅ Running/);

  running.apply(4, [running.role('prefill', 2)]);
  await running.until('G-3 was begun', () => running.pods().length === 5);
  await shows(terminal, /Operation: .*prefill 1 → 2 · Running/);
  await shows(terminal, /Stage 2 +❎( old)? +❎( old)? +❎( old)? +⏳/);
  await running.converge();
  await shows(terminal, /Operation: .*prefill 1 → 2 · Complete/);
  const board = terminal.text().flatMap(
    (line) =>
      /^Stage \d {2}((?:[✅❎⏳] ){4})/u
        .exec(
          line
            .replace(/(?<=[✅❎⏳]) (ok|old|busy)/gu, '')
            .replace(/ {2,}/g, ' ')
            .replace(/(?<=^Stage \d) /, '  '),
        )?.[1]
        ?.trim() ?? [],
  );
  expect(board).toEqual([
    '✅ ✅ ✅ ✅',
    '❎ ❎ ❎ ⏳',
    '❎ ❎ ⏳ ✅',
    '❎ ⏳ ✅ ✅',
    '⏳ ✅ ✅ ✅',
    '✅ ✅ ✅ ✅',
  ]);
});

test('an image that is not there: the screen says what is waited for and why', async () => {
  const bed = simulatedBed();
  const running = await scenario(bed);
  close.push(running.close);
  bed.engine.breakImage('busybox:1');
  running.apply(1, [running.role('prefill', 1)]);
  const terminal = fakeTerminal(120, 40);
  const { input, output } = terminal;
  const done = runTui({
    client: storeClient(running.store),
    cluster: 'default',
    ascii: false,
    color: true,
    input,
    output,
  });
  close.push(async () => {
    terminal.type('\x03');
    await done;
  });
  await running.until('it cannot pull', () =>
    running.holds().some((hold) => /ErrImagePull|ImagePullBackOff/.test(hold.reason)),
  );
  await shows(terminal, /sample-0-prefill-0-0 +0\/1 +❌ (ErrImagePull|ImagePullBackOff)/);
  await shows(terminal, /Waiting for[^\n]*\n[^\n]*(ErrImagePull|ImagePullBackOff): /);
});
