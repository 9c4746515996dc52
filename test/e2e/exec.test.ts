import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../engine/eventually.js';
import { inTerminal } from './tui-terminal.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-exec-'));
const cluster = `exec-${process.pid}`;
const file = join(folder, 'serving.yaml');
const env = { XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1' };
const pod = 'tiny-0-serve-0-0';
writeFileSync(
  file,
  `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: tiny }
spec:
  template:
    roles:
      - name: serve
        workerReplicas: 0
        entryTemplate:
          spec:
            terminationGracePeriodSeconds: 0
            containers:
              - name: vllm
                image: minithena/vllm-standin:latest
                env: [{ name: STANDIN_STARTUP_SECONDS, value: "0" }]
                ports: [{ name: http, containerPort: 8000 }]
                readinessProbe: { httpGet: { path: /health, port: http }, periodSeconds: 1 }
              - name: idle
                image: minithena/vllm-standin:latest
                command: [sleep, "1000000"]
              - name: echo
                image: minithena/vllm-standin:latest
                stdin: true
                command: [sh, -c, "while read line; do echo heard $line; echo aside >&2; done; sleep 1000000"]
`,
);
const words = (...given: string[]) => [main, ...given.slice(0, 1), '--cluster', cluster, ...given.slice(1)];
const run = (given: string[], more: { input?: Uint8Array; encoding?: 'buffer' } = {}) =>
  execa(process.execPath, words(...given), { reject: false, env, stripFinalNewline: false, ...more });

beforeAll(async () => {
  const { exitCode, stderr } = await run(['up', file, '--plain', '--timeout', '5m']);
  if (exitCode !== 0) throw new Error(String(stderr));
});
afterAll(async () => {
  await run(['down']);
  rmSync(folder, { recursive: true, force: true });
});

it('exec: output, errors and the exit code are the command’s', async () => {
  const script = 'echo out; echo err >&2; exit 3';
  expect(await run(['exec', pod, '--', 'sh', '-c', script])).toMatchObject({
    exitCode: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect((await run(['exec', 'tiny-0', '-c', 'idle', '--', 'hostname'])).stdout).toBe(`${pod}\n`);
  const unknown = await run(['exec', pod, '-c', 'nope', '--', 'ls']);
  expect(unknown).toMatchObject({ exitCode: 1 });
  expect(unknown.stderr).toMatch(/its containers: vllm, idle, echo/);
  expect((await run(['exec', pod, '--', 'no-such-program'])).exitCode).toBeGreaterThan(0);
});

it('exec -i: five megabytes there and back, byte for byte', async () => {
  const data = randomBytes(5_000_000);
  const { stdout, exitCode } = await run(['exec', '-i', pod, '--', 'cat'], {
    input: data,
    encoding: 'buffer',
  });
  expect(exitCode).toBe(0);
  expect(Buffer.from(stdout as unknown as Uint8Array).equals(data)).toBe(true);
});

it('exec -it: a shell in a terminal that may be resized, and is given back', async () => {
  const terminal = inTerminal(process.execPath, words('exec', '-it', pod, '--', 'sh'), {
    cwd: folder,
    env: { ...process.env, ...env },
    columns: 90,
    rows: 20,
  });
  const until = async (what: RegExp) => {
    const endMs = Date.now() + 120_000;
    while (!what.test(terminal.text())) {
      if (Date.now() > endMs) throw new Error(`never ${String(what)}:\n${terminal.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const size = 'node -p "process.stdout.columns + String.fromCharCode(120) + process.stdout.rows"\r';
  await until(/[#$]/);
  terminal.type(size);
  await until(/90x20/);
  terminal.resize(77, 15);
  // The new size takes its own way: it is asked for until it is there.
  const asking = setInterval(() => terminal.type(size), 1000);
  await until(/77x15/).finally(() => clearInterval(asking));
  terminal.type('\rexit 5\r');
  expect(await terminal.ended).toMatchObject({ exitCode: 5 });
});

it('exec -it: no key is held back, not Ctrl-P either', async () => {
  const script = "process.stdin.setRawMode(true).on('data', (key) => console.log('key', key[0]))";
  const terminal = inTerminal(
    process.execPath,
    words('exec', '-it', pod, '--', 'node', '-e', `${script}; console.log('go')`),
    { cwd: folder, env: { ...process.env, ...env } },
  );
  await eventually('it listens', () => terminal.text().includes('go'));
  terminal.type('\x10');
  await eventually('it hears the key', () => terminal.text().includes('key 16'));
  terminal.kill('SIGTERM');
  await terminal.ended;
});

it('attach: what the process says from now on, and what it is told', async () => {
  const attached = execa(process.execPath, words('attach', '-i', pod, '-c', 'echo'), { env, reject: false });
  let [out, errors] = ['', ''];
  attached.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  attached.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  attached.stdin.write('one\n');
  await eventually('the line comes back', () => out.includes('heard one') && errors.includes('aside'));
  attached.kill('SIGINT');
  expect((await attached).exitCode).toBe(130);
  // The process that was attached to goes on.
  const again = execa(process.execPath, words('attach', '-i', pod, '-c', 'echo'), {
    env,
    reject: false,
    timeout: 200_000,
  });
  again.stdin.write('two\n');
  await eventually('it hears the next', async () =>
    String((await run(['logs', pod, '-c', 'echo'])).stdout).includes('heard two'),
  );
  again.kill('SIGINT');
  await again;
  const missing = await run(['attach', pod, '-c', 'nope']);
  expect([missing.exitCode, missing.stderr]).toEqual([1, expect.stringMatching(/vllm, idle, echo/)]);
});

it('cp: files and folders there and back, and nothing outside the target', async () => {
  const there = join(folder, 'tree');
  mkdirSync(join(there, 'deep'), { recursive: true });
  writeFileSync(join(there, 'deep', 'b'), randomBytes(100_000));
  expect(await run(['cp', there, `${pod}:/tmp/copied`])).toMatchObject({ exitCode: 0 });
  expect((await run(['exec', pod, '--', 'ls', '/tmp/copied/deep'])).stdout).toBe('b\n');
  expect(await run(['cp', `${pod}:/tmp/copied`, join(folder, 'back')])).toMatchObject({ exitCode: 0 });
  expect(readFileSync(join(folder, 'back', 'deep', 'b'))).toEqual(readFileSync(join(there, 'deep', 'b')));
  expect(await run(['cp', file, `tiny-0:/tmp`, '-c', 'idle'])).toMatchObject({ exitCode: 0 });
  expect((await run(['exec', pod, '-c', 'idle', '--', 'cat', '/tmp/serving.yaml'])).stdout).toBe(
    readFileSync(file, 'utf8'),
  );
  const missing = await run(['cp', `${pod}:/tmp/nope`, folder]);
  expect([missing.exitCode, missing.stderr]).toEqual([
    1,
    expect.stringMatching(/\/tmp\/nope does not exist/),
  ]);
});

it('port-forward: by number and by name, also when the port is taken', async () => {
  const forward = execa(process.execPath, words('port-forward', pod, ':http', ':9'), { reject: false, env });
  let told = '';
  const announced = () => /127\.0\.0\.1:(\d+) -> 8000\n.* -> 9\n/.exec(told)?.[1];
  forward.stdout.on('data', (piece) => {
    told += String(piece);
  });
  await eventually('the ports are told', () => announced() !== undefined);
  const port = Number(announced());
  const answers = await Promise.all(
    Array.from({ length: 5 }, async () => (await fetch(`http://127.0.0.1:${port}/v1/models`)).status),
  );
  expect(answers).toEqual([200, 200, 200, 200, 200]);
  forward.kill('SIGINT');
  expect((await forward).exitCode).toBe(130);
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const taken = (holder.address() as { port: number }).port;
  const refused = await run(['port-forward', pod, `${taken}:8000`]);
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.stderr).toMatch(/it is taken/);
  holder.close();
});
