import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-daemon-'));
const cluster = `daemon-${process.pid}`;
const file = join(folder, 'serving.yaml');
const standIn = 'minithena/vllm-standin:latest';

const write = (
  replicas: number,
  more: { prefill?: number; image?: string; tick?: string; hostPort?: number } = {},
) =>
  writeFileSync(
    file,
    `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: tiny }
spec:
  replicas: ${replicas}
  template:
    roles:
      - name: prefill
        replicas: ${more.prefill ?? 1}
        workerReplicas: 0
        entryTemplate:
          metadata: { annotations: { tick: "${more.tick ?? '1'}" } }
          spec:
            terminationGracePeriodSeconds: 1
            containers:
              - name: vllm
                image: ${more.image ?? standIn}
                env: [{ name: STANDIN_STARTUP_SECONDS, value: "0.5" }]
                ports: [{ containerPort: 8000${more.hostPort ? `, hostPort: ${more.hostPort}` : ''} }]
                readinessProbe: { httpGet: { path: /health, port: 8000 }, periodSeconds: 1 }
`,
  );

interface Ran {
  code: number | undefined;
  stdout: string;
  stderr: string;
}
const runIn = async (state: string, words: string[], env: Record<string, string> = {}): Promise<Ran> => {
  const { exitCode, stderr, stdout } = await execa(process.execPath, [main, ...words, '--cluster', cluster], {
    reject: false,
    stdin: 'ignore',
    env: { XDG_STATE_HOME: join(folder, state), NO_COLOR: '1', ...env },
  });
  return { code: exitCode, stdout, stderr };
};
const run = (...words: string[]) => runIn('state', words);
const up = (...words: string[]) => run('up', file, '--plain', '--timeout', '5m', ...words);
const pid = async (): Promise<number> => {
  const { stdout } = await run('version', '-o', 'json');
  return (JSON.parse(stdout) as { daemon: { pid: number } }).daemon.pid;
};

const docker = async (...words: string[]) => (await execa('docker', words, { reject: false })).stdout.trim();
const ours = ['--filter', `label=minithena.dev/cluster=${cluster}`];
/** Names of our running containers with their ids and start times. */
async function containers(): Promise<Map<string, string>> {
  const ids = (await docker('ps', '-q', '--no-trunc', ...ours)).split('\n').filter((id) => id !== '');
  if (ids.length === 0) return new Map();
  const lines = await docker('inspect', '-f', '{{.Name}} {{.Id}}/{{.State.StartedAt}}', ...ids);
  return new Map(lines.split('\n').map((line) => line.split(' ') as [string, string]));
}
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

const states = ['state', 'other-state', 'newer', 'none'];
/** Ends the daemon of a state directory whatever became of its test. */
async function endDaemon(state: string): Promise<void> {
  const path = join(folder, state, 'minithena', cluster, 'lock');
  if (!existsSync(path)) return;
  const { pid: holder } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number };
  try {
    process.kill(holder, 'SIGKILL');
  } catch {
    // It was killed by its test, or has just ended.
  }
}

afterEach(async () => {
  await run('down');
  for (const state of states) await endDaemon(state);
});
afterAll(async () => {
  for (const [list, remove] of [
    [
      ['ps', '-aq'],
      ['rm', '-fv'],
    ],
    [
      ['network', 'ls', '-q'],
      ['network', 'rm'],
    ],
    [
      ['volume', 'ls', '-q'],
      ['volume', 'rm'],
    ],
  ] as const) {
    const left = (await docker(...list, ...ours)).split('\n').filter((id) => id !== '');
    if (left.length > 0) await docker(...remove, ...left);
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('kill -9 of the daemon', () => {
  it.each<[string, () => void, number, number]>([
    ['scaling up', () => write(4), 4, 2],
    ['scaling down', () => write(1), 1, 1],
    ['a role scaling', () => write(2, { prefill: 2 }), 4, 2],
    ['a roll-out', () => write(2, { tick: '2' }), 2, 0],
  ])(
    'in the middle of %s: all goes on, nothing is restarted, doubled or left',
    async (_what, edit, count, kept) => {
      write(2);
      expect(await up()).toMatchObject({ code: 0 });
      const before = await containers();
      expect(before.size).toBe(2);
      const daemon = await pid();
      edit();
      await until('the containers change', async () => {
        const now = await containers();
        return now.size !== 2 || [...now].some(([name, id]) => before.get(name) !== id);
      });
      process.kill(daemon, 'SIGKILL');
      expect(await up()).toMatchObject({ code: 0 });
      expect(await pid()).not.toBe(daemon);
      const after = await containers();
      expect(after.size).toBe(count);
      expect([...after].filter(([name, id]) => before.get(name) === id).length).toBe(kept);
      const restarts = await run(
        'get',
        'pods',
        '-o',
        'jsonpath={.items[*].status.containerStatuses[*].restartCount}',
      );
      expect(restarts.stdout.split(' ').every((each) => each === '0')).toBe(true);
      expect(await run('down')).toMatchObject({ code: 0 });
      expect(await docker('ps', '-aq', ...ours)).toBe('');
      expect(await docker('network', 'ls', '-q', ...ours)).toBe('');
      expect(await docker('volume', 'ls', '-q', ...ours)).toBe('');
    },
  );
});

describe('what is wrong is said', () => {
  it('a second up joins; stop leaves the containers; a lost state is adopted only when asked', async () => {
    write(1);
    expect(await up()).toMatchObject({ code: 0 });
    expect((await up()).stderr).toContain('joined the daemon');
    const before = await containers();
    expect(await run('stop')).toMatchObject({ code: 0 });
    expect(await containers()).toEqual(before);
    const lost = await runIn('other-state', ['up', file, '--detach']);
    expect(lost).toMatchObject({ code: 69, stderr: expect.stringContaining('ForeignCluster') });
    expect(lost.stderr).toContain('--adopt');
    const adopted = await runIn('other-state', ['up', file, '--plain', '--timeout', '5m', '--adopt']);
    expect(adopted).toMatchObject({ code: 0, stderr: expect.stringContaining('all is running') });
    expect(await containers()).toEqual(before);
    const probe = await runIn('other-state', [
      'get',
      'pod',
      'tiny-0-prefill-0-0',
      '-o',
      'jsonpath={.spec.containers[0].readinessProbe.httpGet.path}',
    ]);
    expect(probe.stdout).toBe('/health');
    await runIn('other-state', ['down']);
    expect(await docker('ps', '-aq', ...ours)).toBe('');
  });

  it('what is adopted waits for its file, also over a restart', async () => {
    write(1);
    expect(await up()).toMatchObject({ code: 0 });
    const before = await containers();
    await run('stop');
    const other = join(folder, 'other.yaml');
    writeFileSync(other, readFileSync(file, 'utf8').replace('name: tiny', 'name: other'));
    const words = ['--plain', '--timeout', '5m'];
    expect(await runIn('other-state', ['up', other, ...words, '--adopt'])).toMatchObject({ code: 0 });
    await runIn('other-state', ['stop']);
    expect(await runIn('other-state', ['up', file, ...words])).toMatchObject({ code: 0 });
    const after = await containers();
    expect(after.size).toBe(2);
    expect([...before].every(([name, id]) => after.get(name) === id)).toBe(true);
    await runIn('other-state', ['down']);
    expect(await docker('ps', '-aq', ...ours)).toBe('');
  });

  it('a lost record of one ModelServing costs no container', async () => {
    write(2);
    expect(await up()).toMatchObject({ code: 0 });
    const before = await containers();
    await run('stop');
    const path = join(folder, 'state', 'minithena', cluster, 'records', 'default_tiny.json');
    writeFileSync(path, '{');
    expect(await up()).toMatchObject({ code: 0 });
    expect(await containers()).toEqual(before);
  });

  it('an older daemon is replaced, and its containers run on', async () => {
    write(1);
    const older = join(folder, 'older');
    const root = join(dirname(main), '../..');
    cpSync(join(root, 'dist'), join(older, 'dist'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(older, 'node_modules'));
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object;
    writeFileSync(join(older, 'package.json'), JSON.stringify({ ...manifest, version: '0.0.1' }));
    const words = [join(older, 'dist/cli/main.js'), 'up', file, '--plain', '--cluster', cluster];
    const env = { XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1' };
    expect((await execa(process.execPath, words, { env, reject: false, stdin: 'ignore' })).exitCode).toBe(0);
    const before = await containers();
    const replaced = await up();
    expect(replaced).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('replacing the daemon of version 0.0.1'),
    });
    expect(await containers()).toEqual(before);
  });

  it('a state directory of a newer version is refused and left alone', async () => {
    write(1);
    expect(await runIn('newer', ['up', file, '--detach', '--engine', 'simulated'])).toMatchObject({
      code: 0,
    });
    await runIn('newer', ['stop']);
    const path = join(folder, 'newer', 'minithena', cluster, 'state.json');
    const text = JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), format: 99 });
    writeFileSync(path, text);
    const refused = await runIn('newer', ['up', file, '--detach', '--engine', 'simulated']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('StateTooNew') });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('keeps to the rules it was started with, and says so when it is joined for others', async () => {
    write(1);
    const begin = (...words: string[]) =>
      runIn('rules', ['up', file, '--detach', '--engine', 'simulated', ...words]);
    const rules = async () =>
      JSON.parse((await runIn('rules', ['version', '-o', 'json'])).stdout).daemon.rules;
    expect((await begin('--rules', 'upstream')).code).toBe(0);
    const joined = await begin('--rules', 'ordinal');
    expect(joined).toMatchObject({ code: 0, stderr: expect.stringContaining('follows the upstream rules') });
    await runIn('rules', ['stop']);
    expect((await begin()).stderr).not.toContain('rules:');
    expect(await rules()).toBe('upstream');
    await runIn('rules', ['stop']);
    await begin('--rules', 'ordinal');
    expect(await rules()).toBe('ordinal');
    await runIn('rules', ['down']);
  });

  it('no engine: every place that was tried, and exit code 69', async () => {
    write(1);
    const none = await runIn('none', ['up', file, '--detach'], {
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
    });
    expect(none.code).toBe(69);
    expect(none.stderr).toContain('DOCKER_HOST (unix:///nowhere/docker.sock)');
    expect(none.stderr).toContain('hint:');
  });

  it('a host port that is taken: which, and exit code 1', async () => {
    const taken = createServer().listen(0);
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    try {
      write(1, { hostPort: port });
      const ended = await up();
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain(String(port));
      expect(ended.stderr).toContain('hint:');
    } finally {
      taken.close();
    }
  });

  it('an image that is not to be had ends up with 1, and its correction runs', async () => {
    write(1, { image: 'minithena/not-there:1' });
    const ended = await up();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/tiny-0-prefill-0-0 (ErrImagePull|ImagePullBackOff)/);
    write(1);
    expect(await up()).toMatchObject({ code: 0 });
  });
});
