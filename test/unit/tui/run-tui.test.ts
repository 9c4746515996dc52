import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runTui } from '../../../src/tui/run-tui.js';
import { defaultConfig, parseTuiConfig, type TuiConfig } from '../../../src/tui/tui-config.js';
import { type FakeClient, fakeClient } from './fake-client.js';
import { type FakeTerminal, fakeTerminal } from './fake-terminal.js';
import { crash, failing, roleScaling, running } from './sample-models.js';
import { pod } from './sample-objects.js';

let quit: (() => Promise<void>) | undefined;
afterEach(async () => {
  await quit?.();
  quit = undefined;
});

interface Started {
  readonly client: FakeClient;
  readonly terminal: FakeTerminal;
  readonly done: Promise<void>;
}
function start(
  options: {
    columns?: number;
    rows?: number;
    color?: boolean;
    ascii?: boolean;
    program?: readonly string[];
    config?: TuiConfig;
  } = {},
): Started {
  const client = fakeClient();
  const terminal = fakeTerminal(options.columns, options.rows);
  const { input, output } = terminal;
  const done = runTui({
    client,
    cluster: 'default',
    ascii: options.ascii ?? false,
    color: options.color ?? true,
    ...(options.program && { program: options.program }),
    ...(options.config && { config: options.config }),
    input,
    output,
  });
  quit = async () => {
    terminal.type('\x03');
    await done.catch(() => undefined);
  };
  return { client, terminal, done };
}
const shows = (terminal: FakeTerminal, text: string | RegExp) =>
  vi.waitFor(() => expect(terminal.text().join('\n')).toMatch(text), { timeout: 30_000 });

describe('actions', () => {
  test('one does not end the one before it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tui-actions-'));
    const said = join(folder, 'said');
    // Whichever is ended early says nothing.
    const script = `for turn in 1 2 3; do sleep 0.1; done; echo "$@" >> ${said}`;
    const { client, terminal } = start({ program: ['sh', '-c', script, 'sh'] });
    client.hearAll(running);
    await shows(terminal, /G-0 sample-0/);
    terminal.type('jjDyRy');
    await vi.waitFor(
      () =>
        expect(readFileSync(said, 'utf8').split('\n').sort()).toEqual([
          '',
          'delete pod sample-0-prefill-0-0',
          'rollout restart sample',
        ]),
      { timeout: 30_000 },
    );
    rmSync(folder, { recursive: true });
  });
});

describe('on a terminal', () => {
  test('draws what the daemon says', async () => {
    const { client, terminal } = start();
    await shows(terminal, /connecting/);
    client.hearAll(running);
    await shows(terminal, /default\/sample {2}✅ Available/);
    await shows(terminal, /docker 20.10.24/);
  });

  test('what stands right of emoji stands where it should, also after a redraw of part of the line', async () => {
    const { client, terminal } = start({ columns: 100, rows: 40 });
    client.hearAll(roleScaling);
    await shows(terminal, /Stage 3/);
    const aligned = () => {
      const lines = terminal.text();
      const head = lines.findIndex((line) => /G-0 +G-1/.test(line));
      const first = terminal.columnOf(head, 'G-0');
      for (const stage of [1, 2, 3]) {
        const signs = lines[head + stage]?.match(/[✅❎⏳]/gu) ?? [];
        expect(signs).toHaveLength(4);
        expect(terminal.columnOf(head + stage, signs[0] ?? '')).toBe(first);
        expect(
          terminal.columnOf(head + stage, stage === 1 ? 'Before' : stage === 2 ? 'Scaling up' : 'G-3 is'),
        ).toBe(terminal.columnOf(head + 1, 'Before'));
      }
      const table = lines.findIndex((line) => line.includes('RESTARTS'));
      const restarts = terminal.columnOf(table, 'RESTARTS');
      for (const row of [1, 2, 3, 4]) expect(lines[table + row]).toMatch(/✅ Running/);
      for (const row of [1, 2, 3, 4]) expect(terminal.from(table + row, restarts)).toMatch(/^0 +\d/);
    };
    aligned();
    terminal.type('jjk');
    await shows(terminal, /❯ {3}▾ prefill-0/);
    aligned();
  });

  test('keys act: filter, details, back', async () => {
    const { client, terminal } = start();
    client.hearAll(running);
    await shows(terminal, /G-1 sample-1/);
    terminal.type('/1-decode\r');
    await vi.waitFor(() => expect(terminal.text().join('\n')).not.toMatch(/G-0 sample-0/), 30_000);
    terminal.type('jjd');
    await shows(terminal, /Pod: +sample-1-decode-0-0/);
    terminal.type('\x1b');
    await shows(terminal, /matching "1-decode"/);
    terminal.type('\x1b');
    await shows(terminal, /G-0 sample-0/);
  });

  test('scales after a look at what it does, and says when it is refused', async () => {
    const { client, terminal } = start();
    client.hearAll(running);
    await shows(terminal, /G-1 sample-1/);
    terminal.type('+');
    await shows(terminal, /replicas 2 → 3/);
    await shows(terminal, /3 stages; works on G-2/);
    client.refuse = new Error('spec.replicas is an alias');
    terminal.type('\r');
    await shows(terminal, /refused: spec.replicas is an alias/);
    expect(client.calls.scale).toEqual([{ replicas: 3 }]);
    client.refuse = undefined;
    terminal.type('\x1b');
    await shows(terminal, /\? help/);
    terminal.type('j+');
    await shows(terminal, /role prefill 1 → 2 in every ServingGroup/);
    terminal.type('\r');
    await shows(terminal, /role prefill 1 → 2 is written to the file/);
    expect(client.calls.scale.at(-1)).toEqual({ roleReplicas: { prefill: 2 } });
  });

  test('follows a log, and nothing in it acts on the terminal', async () => {
    const { client, terminal } = start();
    client.hearAll(running);
    await shows(terminal, /G-1 sample-1/);
    terminal.type('jjl');
    await shows(terminal, /Log of sample-0-prefill-0-0/);
    client.say('first\n\x1b[2J\x1b[31msecond\x9b2J {red-fg}third{/}\n');
    await shows(terminal, /first\nsecond {red-fg}third{\/}/);
    expect(client.calls.logs).toMatchObject([
      { pod: 'sample-0-prefill-0-0', container: 'vllm', follow: true },
    ]);
  });

  test('a change of size is a new screen', async () => {
    const { client, terminal } = start();
    client.hearAll(running);
    await shows(terminal, /RST/);
    terminal.resize(120, 40);
    await shows(terminal, /RESTARTS/);
    expect(terminal.text().at(-1)).toMatch(/\? help/);
    terminal.resize(30, 8);
    await shows(terminal, /needs 40x10; q quits/);
    terminal.resize(80, 24);
    await shows(terminal, /G-0 sample-0/);
    expect(terminal.text()[0]).toMatch(/^minithena default/);
  });

  test('what does not change is not drawn', async () => {
    const { client, terminal } = start();
    client.hearAll(running);
    await shows(terminal, /docker/);
    await shows(terminal, /G-1 sample-1/);
    const before = terminal.written().length;
    const same = pod('sample', 0, 'decode');
    for (let count = 0; count < 50; count++)
      client.hear({ resource: 'pods', change: { type: 'MODIFIED', object: same } });
    client.hear({
      resource: 'pods',
      change: { type: 'MODIFIED', object: pod('sample', 0, 'prefill', { restarts: 7 }) },
    });
    await shows(terminal, /sample-0-prefill-0-0 +1\/1 +✅ Running +7/);
    expect(terminal.written().length - before).toBeLessThan(1500);
  });

  test('no colour where none is wanted, and no sign outside ASCII where that is wanted', async () => {
    const { client, terminal } = start({ color: false, ascii: true });
    client.hearAll(running);
    await shows(terminal, /\[ok\] Running/);
    expect(terminal.written()).not.toMatch(/\x1b\[[0-9;]*(3[0-7]|38;5;\d+|4[0-7]|9[0-7])m/);
    expect(terminal.text().join('')).toMatch(/^[\x20-\x7e]*$/);
  });
});

describe('the mouse', () => {
  const click = (row: number) => `\x1b[<0;10;${row + 1}M\x1b[<0;10;${row + 1}m`;
  const rowOf = (terminal: FakeTerminal, text: string) =>
    terminal.text().findIndex((line) => line.includes(text));
  test('selects a line, opens and closes what is selected, and the wheel moves', async () => {
    const { client, terminal } = start();
    client.hearAll(running);
    await shows(terminal, /G-1 sample-1/);
    terminal.type(click(rowOf(terminal, 'sample-0-prefill-0-0')));
    await shows(terminal, /❯ +▸ sample-0-prefill-0-0/);
    terminal.type(click(rowOf(terminal, 'sample-0-prefill-0-0')));
    await shows(terminal, /❯ +▾ sample-0-prefill-0-0/);
    terminal.type('\x1b[<64;10;10M');
    await shows(terminal, /❯ ▾ G-0 sample-0/);
    terminal.type('\x1b[<65;10;10M');
    await shows(terminal, /❯ +vllm/);
  });
  test('is asked for as wanted, can be turned off, and is given back', async () => {
    const { client, terminal, done } = start();
    client.hearAll(running);
    await shows(terminal, /G-1 sample-1/);
    expect(terminal.written()).toContain('\x1b[?1000h');
    terminal.type('m');
    await shows(terminal, /mouse off/);
    expect(terminal.written()).toContain('\x1b[?1000l');
    terminal.type('m');
    await shows(terminal, /mouse on/);
    terminal.type('q');
    await done;
    expect(terminal.written()).toMatch(/\x1b\[\?1000l(?![\s\S]*\x1b\[\?1000h)/);
  });
  test('off by the settings it is never asked for', async () => {
    const { client, terminal } = start({ config: { ...defaultConfig, mouse: false } });
    client.hearAll(running);
    await shows(terminal, /G-1 sample-1/);
    expect(terminal.written()).not.toContain('\x1b[?1000h');
  });
});

describe('settings and actions', () => {
  test('another theme has other colours', async () => {
    const { client, terminal } = start();
    client.hearAll(running);
    await shows(terminal, /G-1 sample-1/);
    expect(terminal.written()).not.toContain('38;5;22m');
    terminal.type('T');
    await shows(terminal, /theme light/);
    expect(terminal.written()).toContain('38;5;22m');
  });
  test('what is wrong in the file is said, and the rest goes on', async () => {
    const { client, terminal } = start({ config: parseTuiConfig('keys: { whi: w, tree: w }', 'tui.yaml') });
    client.hearAll(running);
    await shows(terminal, /tui.yaml:1 whi is no action; did you mean why/);
    terminal.type('w');
    await shows(terminal, /All ModelServings/);
  });
  test('a name is copied by the terminal', async () => {
    const { client, terminal } = start();
    client.hearAll(running);
    await shows(terminal, /G-1 sample-1/);
    terminal.type('n');
    await shows(terminal, /copied sample-0/);
    expect(terminal.written()).toContain(`\x1b]52;c;${Buffer.from('sample-0').toString('base64')}\x07`);
  });
  test('a command runs with the words of the action, and what it said is shown', async () => {
    const program = [
      process.execPath,
      '-e',
      'console.log(process.argv.slice(1).join(" ")); process.exitCode = process.argv[1] === "get" ? 4 : 0',
    ];
    const { client, terminal } = start({ program: [...program, '--'] });
    client.hearAll(running);
    await shows(terminal, /G-1 sample-1/);
    terminal.type('R');
    await shows(terminal, /make every pod of sample anew/);
    terminal.type('y');
    await shows(terminal, /rollout restart sample +\(minithena rollout restart sample\)/);
    terminal.type(':get pods\r');
    await shows(terminal, /── minithena get pods ─+\nget pods\nexit code 4/);
  });
  test('the tree shows what pods use, asked for only while it is looked at', async () => {
    const { client, terminal } = start({ columns: 140, rows: 40 });
    let asked = 0;
    client.measured = [
      {
        metadata: { namespace: 'default', name: 'sample-0-prefill-0-0' },
        timestamp: '2026-08-01T12:00:00Z',
        containers: [{ name: 'vllm', usage: { cpu: '250m', memory: '64Mi' } }],
      },
    ];
    const { usage } = client;
    client.usage = (...words) => {
      asked += 1;
      return usage?.(...words) ?? Promise.resolve([]);
    };
    client.hearAll(running);
    await shows(terminal, /G-1 sample-1/);
    expect(asked).toBe(0);
    terminal.type('t');
    await shows(terminal, /sample-0-prefill-0-0.* █ +250m .* █ +64Mi/);
    expect(asked).toBe(1);
  });
  test('why asks for the failures that the daemon keeps', async () => {
    const { client, terminal } = start({ columns: 100, rows: 50 });
    client.failures = [crash];
    client.hearAll(failing);
    await shows(terminal, /G-2 sample-2/);
    terminal.type('y');
    await shows(terminal, /\| RuntimeError: no CUDA-capable device is detected/);
  });
});

describe('leaving', () => {
  const expectRestored = async (terminal: FakeTerminal) => {
    await vi.waitFor(() => expect(terminal.isAlternate()).toBe(false), 30_000);
    expect(terminal.written()).toMatch(/\x1b\[\?25h(?![\s\S]*\x1b\[\?25l)/);
    expect(terminal.input.isRaw).toBe(false);
  };

  test('q gives the terminal back, ends the watches and says what goes on', async () => {
    const { client, terminal, done } = start();
    client.hearAll(running);
    await shows(terminal, /G-0 sample-0/);
    expect(terminal.isAlternate()).toBe(true);
    expect(terminal.input.isRaw).toBe(true);
    terminal.type('q');
    await done;
    await shows(terminal, /Everything goes on running/);
    await expectRestored(terminal);
    expect(client.open()).toBe(0);
  });

  test('a fault gives the terminal back before it is told', async () => {
    const { client, terminal, done } = start();
    client.hearAll(running);
    await shows(terminal, /G-0 sample-0/);
    const broken = { metadata: { namespace: 'default', name: 'x' } } as never;
    client.hear({ resource: 'modelservings', change: { type: 'ADDED', object: broken } });
    client.hear({ resource: 'servinggroups', change: { type: 'ADDED', object: broken } });
    await expect(done).rejects.toThrow(TypeError);
    await expectRestored(terminal);
    expect(client.open()).toBe(0);
  });

  test('leaves no listener behind', async () => {
    const count = () =>
      ['uncaughtException', 'SIGTERM', 'SIGINT', 'SIGHUP', 'exit'].map((name) => process.listenerCount(name));
    const before = count();
    const { terminal, done } = start();
    await shows(terminal, /connecting/);
    terminal.type('q');
    await done;
    expect(count()).toEqual(before);
  });

  test('on a terminal that cannot be drawn on it says so', async () => {
    vi.stubEnv('TERM', 'dumb');
    const { terminal, done } = start();
    await expect(done).rejects.toMatchObject({
      code: 'Usage',
      message: expect.stringContaining('TERM=dumb'),
    });
    expect(terminal.text().join('').trim()).toBe('');
    vi.unstubAllEnvs();
  });

  test('off a terminal it says so', async () => {
    const { input, output } = fakeTerminal();
    Object.assign(output, { isTTY: false });
    await expect(runTui({ client: fakeClient(), cluster: 'default', input, output })).rejects.toMatchObject({
      code: 'Usage',
    });
  });
});
