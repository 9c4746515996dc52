import { afterEach, expect, test, vi } from 'vitest';
import type { Heard } from '../../../src/tui/model/apply-changes.js';
import { watched } from '../../../src/tui/model/model.js';
import { runTui } from '../../../src/tui/run-tui.js';
import type { TuiInfo } from '../../../src/tui/tui-client.js';
import { fakeClient } from './fake-client.js';
import { type FakeTerminal, fakeTerminal } from './fake-terminal.js';
import { engineDown, info, running, scaling } from './sample-models.js';
import { pod, servingGroup } from './sample-objects.js';

let quit: (() => Promise<void>) | undefined;
afterEach(async () => {
  await quit?.();
  quit = undefined;
});
function start(columns = 80, rows = 24, ascii = false, said: TuiInfo = info) {
  const fake = fakeClient();
  const client = { ...fake, control: { ...fake.control, info: async () => said } };
  const terminal = fakeTerminal(columns, rows);
  const { input, output } = terminal;
  const done = runTui({ client, cluster: 'default', ascii, color: !ascii, input, output });
  quit = async () => {
    terminal.type('\x03');
    await done.catch(() => undefined);
  };
  return { client, terminal };
}
const shows = (terminal: FakeTerminal, text: string | RegExp) =>
  vi.waitFor(() => expect(terminal.text().join('\n')).toMatch(text), { timeout: 30_000 });

test('the daemon goes and comes back: it says so, and what is gone since then goes from the screen', async () => {
  const { client, terminal } = start();
  client.hearAll(running);
  await shows(terminal, /G-1 sample-1/);
  for (const resource of watched)
    client.hear({ resource, change: { type: 'DISCONNECTED', message: 'connect ECONNREFUSED' } } as Heard);
  await shows(terminal, /DAEMON LOST connect ECONNREFUSED[\s\S]*G-1 sample-1/);
  terminal.type('j');
  await shows(terminal, /❯ {3}▾ prefill-0/);
  const onlyFirst = {
    ...running,
    data: { ...running.data, servinggroups: new Map([['default/sample-0', servingGroup('sample', 0)]]) },
  };
  client.hearAll(onlyFirst);
  await shows(terminal, /● live/);
  const text = terminal.text().join('\n');
  expect(text).not.toContain('DAEMON LOST');
  expect(text).not.toContain('G-1 sample-1');
});

test('a terminal of 20x5 says what matters, and the whole board is there when it grows', async () => {
  const { client, terminal } = start(20, 5);
  client.hearAll(scaling);
  await shows(terminal, /3\/4 sample\nErrImagePull/);
  terminal.resize(80, 24);
  await shows(terminal, /Stage 2[\s\S]*G-3 sample-3/);
});

test('resized again and again while much changes, the last size is drawn whole', async () => {
  const { client, terminal } = start();
  client.hearAll(scaling);
  await shows(terminal, /G-3 sample-3/);
  for (let turn = 1; turn <= 60; turn++) {
    terminal.resize(20 + ((turn * 37) % 120), 3 + ((turn * 13) % 50));
    for (const role of ['prefill', 'decode'])
      client.hear({
        resource: 'pods',
        change: { type: 'MODIFIED', object: pod('sample', 0, role, { restarts: turn }) },
      });
    if (turn % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  terminal.resize(100, 40);
  await shows(terminal, /sample-0-prefill-0-0 +1\/1 +✅ Running +60 /);
  const lines = terminal.text();
  expect(lines[0]).toMatch(/^minithena default {2}· {2}● live/);
  expect(lines.at(-1)).toMatch(/^\? help/);
  for (const word of ['Operation: ', 'ServingGroups, roles, pods', 'Waiting for', 'Events'])
    expect(lines.filter((line) => line.startsWith(`── ${word}`))).toHaveLength(1);
});

test('without colours and UTF-8 the engine that is gone is said in words', async () => {
  const { client, terminal } = start(80, 24, true, engineDown.info);
  client.hearAll(running);
  await shows(
    terminal,
    /docker 20.10.24 does not answer[\s\S]*ENGINE AWAY connect ENOENT[\s\S]*G-1 sample-1/,
  );
  expect(terminal.written()).not.toMatch(/[^\x00-\x7e]/);
  expect(terminal.written()).not.toMatch(/\x1b\[[0-9;]*3[0-7]m/);
});
