/** The built program's terminal UI as a user runs it, in a pseudo-terminal; pods run on the simulated engine. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { inTerminal, type PtyProcess } from './tui-terminal.js';

const program = resolve(import.meta.dirname, '../../dist/cli/main.js');
const cluster = `tui-e2e-${process.pid}`;
const directory = mkdtempSync(join(tmpdir(), 'tui-e2e-'));
const file = join(directory, 'serving.yaml');
const env = {
  ...process.env,
  XDG_STATE_HOME: join(directory, 'state'),
  LC_ALL: 'C.UTF-8',
  NO_COLOR: undefined,
  CI: undefined,
};

const role = (name: string) => `
      - name: ${name}
        replicas: 1
        workerReplicas: 0
        entryTemplate:
          spec:
            containers:
              - name: vllm # the only container
                image: minithena/vllm-standin:latest`;
const yaml = (replicas: number | string) => `# a comment that stays
apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata:
  name: sample
spec:
  replicas: ${replicas}
  template:
    roles:${role('prefill')}${role('decode')}
`;

const minithena = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args, '--cluster', cluster], {
    cwd: directory,
    env,
    encoding: 'utf8',
  });
const open = (columns?: number, rows?: number): PtyProcess =>
  inTerminal(
    process.execPath,
    [program, 'up', 'serving.yaml', '--engine', 'simulated', '--cluster', cluster],
    {
      cwd: directory,
      env,
      ...(columns && rows ? { columns, rows } : {}),
    },
  );
const shows = (terminal: PtyProcess, text: RegExp) =>
  vi.waitFor(() => expect(terminal.text()).toMatch(text), { timeout: 60_000, interval: 50 });

describe('the terminal UI', () => {
  const terminals: PtyProcess[] = [];
  const start = (columns?: number, rows?: number): PtyProcess => {
    const terminal = open(columns, rows);
    terminals.push(terminal);
    return terminal;
  };
  beforeAll(() => {
    expect(existsSync(program), 'npm run build makes dist/').toBe(true);
    writeFileSync(file, yaml(2));
  });
  afterEach(async () => {
    for (const terminal of terminals.splice(0)) {
      terminal.type('\x03');
      const over = await Promise.race([terminal.ended, new Promise((done) => setTimeout(done, 5000))]);
      if (!over) terminal.kill('SIGKILL');
    }
  });
  afterAll(() => {
    minithena('down');
    minithena('stop');
    rmSync(directory, { recursive: true, force: true });
  });

  test('shows the way to Available, scales by key and by file, tells of a mistake, and leaves all running', async () => {
    const terminal = start();
    await shows(terminal, /default\/sample {2}✅ Available/);
    await shows(terminal, /2\/2 groups Running/);

    terminal.type('+');
    await shows(terminal, /replicas 2 → 3/);
    await shows(terminal, /works on G-2/);
    terminal.type('\r');
    await shows(terminal, /3\/3 groups Running/);
    await shows(terminal, /Stage 2 +✅( ok)? +✅( ok)? +⏳/);
    expect(readFileSync(file, 'utf8')).toBe(yaml(3));

    writeFileSync(file, yaml('many'));
    await shows(terminal, /SPEC INVALID .*serving\.yaml:7:13/);
    await shows(terminal, /3\/3 groups Running/);
    writeFileSync(file, yaml(2));
    await vi.waitFor(() => expect(terminal.text()).not.toMatch(/SPEC INVALID/), { timeout: 60_000 });
    await shows(terminal, /2\/2 groups Running/);
    // Until then G-2 is still being deleted.
    await shows(terminal, /replicas 3 → 2 · Complete/);

    terminal.resize(60, 16);
    await shows(terminal, /\? help/);
    terminal.resize(120, 40);
    await shows(terminal, /RESTARTS/);

    terminal.type('q');
    expect(await terminal.ended).toMatchObject({ exitCode: 0 });
    await shows(terminal, /Everything goes on running/);
    expect(terminal.isAlternate()).toBe(false);
    expect(terminal.isCursorHidden()).toBe(false);
    expect(minithena('get', 'pods', '-o', 'name').stdout.trim().split('\n')).toHaveLength(4);
  });

  test('says that the daemon was killed, and goes on when there is one again', async () => {
    const terminal = start();
    await shows(terminal, /default\/sample {2}✅ Available/);
    const { daemon } = JSON.parse(minithena('version', '-o', 'json').stdout) as { daemon: { pid: number } };
    process.kill(daemon.pid, 'SIGKILL');
    await shows(terminal, /DAEMON LOST/);
    terminal.type('j');
    expect(minithena('up', 'serving.yaml', '--engine', 'simulated', '--plain').status).toBe(0);
    await shows(terminal, /● live[\s\S]*✅ Available/);
    expect(terminal.text()).not.toMatch(/DAEMON LOST/);
    terminal.type('q');
    expect(await terminal.ended).toMatchObject({ exitCode: 0 });
    expect(terminal.isAlternate()).toBe(false);
  });

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s gives the terminal back', async (signal) => {
    const terminal = start();
    await shows(terminal, /default\/sample {2}✅ Available/);
    expect(terminal.isAlternate()).toBe(true);
    terminal.kill(signal);
    const { exitCode, signal: endedBy } = await terminal.ended;
    expect(exitCode !== 0 || endedBy !== 0).toBe(true);
    await vi.waitFor(() => expect(terminal.isAlternate()).toBe(false), 30_000);
    expect(terminal.isCursorHidden()).toBe(false);
  });
});
