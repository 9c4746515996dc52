/** What the terminal UI tells and does beside scaling, as a user sees it: the built program in a pseudo-terminal, pods on the real engine. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ensureBusyboxImage } from '../engine/busybox-image.js';
import { inTerminal, type PtyProcess } from './tui-terminal.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-tui-acts-'));
const cluster = `tui-acts-${process.pid}`;
const file = join(folder, 'serving.yaml');
const editor = join(folder, 'editor');
// One stream, since the engine keeps no order between two.
const role = (name: string, command: string) => `
      - name: ${name}
        replicas: 1
        workerReplicas: 0
        entryTemplate:
          spec:
            terminationGracePeriodSeconds: 1
            containers:
              - name: main
                image: minithena/test-busybox:1
                command: ["sh", "-c", ${JSON.stringify(command)}]`;
const yaml = `kind: ModelServing
apiVersion: workload.serving.volcano.sh/v1alpha1
metadata: { name: tiny }
spec:
  replicas: 1
  recoveryPolicy: None
  template:
    roles:${role('steady', 'echo begun; trap exit TERM; while :; do sleep 1; done')}${role('crash', 'exec >&2; echo loading weights; echo no GPU here; exit 3')}
`;
const env = {
  ...process.env,
  XDG_STATE_HOME: join(folder, 'state'),
  XDG_CONFIG_HOME: join(folder, 'config'),
  LC_ALL: 'C.UTF-8',
  EDITOR: editor,
  VISUAL: '',
  NO_COLOR: undefined,
  CI: undefined,
};
const minithena = (...words: string[]) =>
  execa(process.execPath, [main, ...words, '--cluster', cluster], {
    reject: false,
    stdin: 'ignore',
    env,
  });
const containersOf = async (pod: string): Promise<string[]> => {
  const filters = [`label=minithena.dev/cluster=${cluster}`, `label=minithena.dev/pod=${pod}`];
  const { stdout } = await execa('docker', ['ps', '-q', ...filters.flatMap((each) => ['--filter', each])]);
  return stdout.split('\n').filter((id) => id !== '');
};
const terminals: PtyProcess[] = [];
const open = (...options: string[]): PtyProcess => {
  const args = [main, 'tui', '--cluster', cluster, ...options];
  const terminal = inTerminal(process.execPath, args, { cwd: folder, env, columns: 140, rows: 45 });
  terminals.push(terminal);
  return terminal;
};
const shows = (terminal: PtyProcess, text: RegExp) =>
  vi.waitFor(() => expect(terminal.text()).toMatch(text), { timeout: 60_000, interval: 50 });

beforeAll(async () => {
  await ensureBusyboxImage();
  writeFileSync(file, yaml);
  writeFileSync(
    editor,
    [
      '#!/bin/sh',
      `trap 'echo interrupted' INT`,
      `echo "$@" > ${folder}/edited`,
      `while ! [ -e ${folder}/saved ]; do sleep 0.1; done`,
      '',
    ].join('\n'),
  );
  chmodSync(editor, 0o755);
  expect(await minithena('up', file, '--detach')).toMatchObject({ exitCode: 0 });
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) {
    terminal.type('\x03');
    const over = await Promise.race([terminal.ended, new Promise((done) => setTimeout(done, 5000))]);
    if (!over) terminal.kill('SIGKILL');
  }
});
afterAll(async () => {
  await minithena('down');
  const ours = ['--filter', `label=minithena.dev/cluster=${cluster}`];
  const left = (await execa('docker', ['ps', '-aq', ...ours])).stdout.split('\n').filter((id) => id !== '');
  if (left.length > 0) await execa('docker', ['rm', '-fv', ...left]);
  rmSync(folder, { recursive: true, force: true });
});

test('the tree goes down to containers and what they use, and why tells the last failure with its log', async () => {
  const terminal = open();
  await shows(terminal, /crash-0-0.*CrashLoopBackOff/);
  terminal.type('t/steady-0-0\r');
  await shows(terminal, /tiny-0-steady-0-0 .* \d+m .*\d+Mi/);
  terminal.type('\x1b');
  await shows(terminal, /▸ tiny-0-crash-0-0/);
  terminal.type('G\x1b[C');
  await shows(terminal, /▾ tiny-0-crash-0-0[^\n]*\n +main /);
  terminal.type('y');
  await shows(terminal, /container main of tiny-0-crash-0-0 .*exit code 3/);
  await shows(terminal, /\| loading weights\n *\| no GPU here/);
  await shows(terminal, /minithena logs tiny-0-crash-0-0 -c main --previous --cluster/);
});

test('logs of all pods in the order of their times, searched, saved, and followed over a new run', async () => {
  const terminal = open();
  await shows(terminal, /G-0 tiny-0/);
  terminal.type('L');
  await shows(terminal, /Log of all pods · 2 containers/);
  await shows(terminal, /tiny-0-crash-0-0\s*│ loading weights\n[^\n]*│ no GPU here/);
  terminal.type('/GPU\r');
  await shows(terminal, /paused .*\/GPU\/ \d+ of \d+/);
  terminal.type('\x1b');
  await shows(terminal, /paused(?! .*GPU)/);
  terminal.type('G&weights\r');
  await shows(terminal, /only \/weights\//);
  await vi.waitFor(() => expect(terminal.text()).not.toMatch(/no GPU here/), { timeout: 60_000 });
  terminal.type('S\r');
  await shows(terminal, /saved to all-pods\.log; whole: minithena logs/);
  expect(readFileSync(join(folder, 'all-pods.log'), 'utf8')).toMatch(
    /^(\[tiny-0-crash-0-0\] loading weights\n)+$/,
  );
  terminal.type('&begun\r');
  await shows(terminal, /only \/begun\//);
  const begun = () => terminal.text().match(/│ begun/g)?.length ?? 0;
  await vi.waitFor(() => expect(begun()).toBeGreaterThan(0), { timeout: 60_000, interval: 50 });
  const before = begun();
  await execa('docker', ['kill', (await containersOf('tiny-0-steady-0-0'))[0] ?? '']);
  // Its new run is read by itself, below.
  await vi.waitFor(() => expect(begun()).toBe(before + 1), { timeout: 60_000, interval: 50 });
});

test('what an edit that is not saved would cause, beside what runs', async () => {
  const terminal = open();
  await shows(terminal, /G-0 tiny-0/);
  terminal.type('P');
  await shows(terminal, /Plan of a draft .*P closes/);
  writeFileSync(`${file}.draft`, yaml.replace('replicas: 1', 'replicas: 3'));
  await shows(terminal, /Plan of serving\.yaml\.draft: replicas 1 → 3/);
  await shows(terminal, /│ +Stage 1 /);
  writeFileSync(`${file}.draft`, yaml.replace('replicas: 1', 'replicas: many'));
  await shows(terminal, /serving\.yaml\.draft:5:13/);
  terminal.type('P');
  await vi.waitFor(() => expect(terminal.text()).not.toMatch(/Plan of/), { timeout: 60_000 });
  expect(readFileSync(file, 'utf8')).toBe(yaml);
});

test('a shell, the editor at the right line, a command line, and a pod that is deleted and made again', async () => {
  const before = (await minithena('get', 'pod', 'tiny-0-steady-0-0', '-o', 'jsonpath={.metadata.uid}'))
    .stdout;
  // Of an earlier try.
  for (const name of ['edited', 'saved']) rmSync(join(folder, name), { force: true });
  const terminal = open();
  await shows(terminal, /steady-0-0.*Running/);
  terminal.type('g\x1b[B');
  await shows(terminal, /❯ +▾ steady-0/);
  terminal.type('E');
  await vi.waitFor(() => expect(readFileSync(join(folder, 'edited'), 'utf8')).toBe(`+9 ${file}\n`), {
    timeout: 60_000,
  });
  // Ctrl-C is the editor's, and ends nothing of ours.
  terminal.type('\x03');
  await shows(terminal, /interrupted/);
  writeFileSync(join(folder, 'saved'), '');
  await shows(terminal, /❯ +▾ steady-0/);
  terminal.type('\x1b[B');
  await shows(terminal, /❯ +▸ tiny-0-steady-0-0/);
  terminal.type('x');
  await shows(terminal, /^\/ #$/m);
  expect(terminal.isAlternate()).toBe(false);
  terminal.type('echo in-$((40+2)); exit\r');
  await shows(terminal, /❯ +▸ tiny-0-steady-0-0/);
  expect(terminal.isAlternate()).toBe(true);
  terminal.type(':get pods -o name\r');
  await shows(terminal, /^pod\/tiny-0-steady-0-0$/m);
  terminal.type('\x1b');
  await shows(terminal, /❯ +▸ tiny-0-steady-0-0/);
  terminal.type('D');
  await shows(terminal, /minithena delete pod tiny-0-steady-0-0 --cluster/);
  terminal.type('y');
  await shows(terminal, /pod "tiny-0-steady-0-0" deleted/);
  await vi.waitFor(
    async () => {
      const { stdout } = await minithena('get', 'pod', 'tiny-0-steady-0-0', '-o', 'jsonpath={.metadata.uid}');
      expect(stdout).not.toBe('');
      expect(stdout).not.toBe(before);
    },
    { timeout: 60_000, interval: 200 },
  );
});

test('with --read-only nothing is changed, and it says so; the settings of the reader count', async () => {
  mkdirSync(join(folder, 'config', 'minithena'), { recursive: true });
  writeFileSync(
    join(folder, 'config', 'minithena', 'tui.yaml'),
    'keys: { tree: f2, why: [w] }\nthem: light\n',
  );
  const terminal = open('--read-only');
  await shows(terminal, /tui.yaml:2 them is no setting; did you mean theme\?/);
  await shows(terminal, /steady-0-0/);
  for (const key of ['+', 'R', 'D', 'x']) {
    terminal.type(key);
    await shows(terminal, /started with --read-only/);
    terminal.type('j');
    await shows(terminal, /w why/);
  }
  terminal.type('\x1bOQ');
  await shows(terminal, /All ModelServings/);
});
