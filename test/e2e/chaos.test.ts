import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBusyboxImage } from '../engine/busybox-image.js';
import { eventually } from '../engine/eventually.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-chaos-'));
const cluster = `chaos-${process.pid}`;
const file = join(folder, 'serving.yaml');

const run = async (...words: string[]) => {
  const { exitCode, stderr, stdout } = await execa(process.execPath, [main, ...words, '--cluster', cluster], {
    reject: false,
    stdin: 'ignore',
    env: { XDG_STATE_HOME: folder, NO_COLOR: '1' },
  });
  return { code: exitCode, stdout, stderr };
};
const json = async (...words: string[]) => JSON.parse((await run(...words, '-o', 'json')).stdout);
const available = () => run('wait', 'ms/tiny', '--for=condition=Available', '--timeout', '5m');
const podOf = (roleId: string) => json('get', 'pod', `tiny-0-${roleId}-0`);
const uids = async () =>
  new Map<string, string>(
    (await json('get', 'pods')).items.map(({ metadata }: { metadata: { name: string; uid: string } }) => [
      metadata.name,
      metadata.uid,
    ]),
  );
/** Breaks an instance, each time another, since failures of one are delayed, and waits until it, and no other, was made anew. */
const recovers = async (roleId: string, ...drill: string[]) => {
  const name = `tiny-0-${roleId}-0`;
  const before = await uids();
  const done = await run('chaos', ...drill);
  expect(done).toMatchObject({ code: 0 });
  await eventually('another pod has the name', async () => {
    const uid = (await uids()).get(name);
    return uid !== undefined && uid !== before.get(name);
  });
  expect((await available()).code).toBe(0);
  const changed = [...(await uids())].filter(([each, uid]) => before.get(each) !== uid);
  expect(changed.map(([each]) => each)).toEqual([name]);
  return done.stdout;
};

beforeAll(async () => {
  await ensureBusyboxImage();
  const role = (name: string, replicas: number) => `
      - name: ${name}
        replicas: ${replicas}
        workerReplicas: 0
        entryTemplate:
          spec:
            terminationGracePeriodSeconds: 1
            containers:
              - name: main
                image: minithena/test-busybox:1
                imagePullPolicy: Never
                command: [/bin/busybox, sleep, "100000"]
                readinessProbe: { exec: { command: [/bin/busybox, "true"] }, periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 30 }`;
  writeFileSync(
    file,
    `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: tiny }
spec:
  replicas: 1
  template:
    roles:${role('prefill', 1)}${role('decode', 4)}
`,
  );
  expect((await run('up', file, '--plain', '--timeout', '5m')).code).toBe(0);
});
afterAll(async () => {
  await run('down');
  rmSync(folder, { recursive: true, force: true });
});

it('a container that is killed, or runs out of memory: its role instance is made anew, and the cause is told', async () => {
  expect(await recovers('decode-0', 'kill', 'decode-0')).toMatch(
    /ChaosKill pod\/tiny-0-decode-0-0: container main is killed/,
  );
  await recovers('decode-1', 'oom', 'tiny-0-decode-1');
  // The engine may tell the cause after the end.
  await eventually('the cause is told', async () =>
    /main: OOMKilled, exit code 137/.test((await run('describe', 'pod', 'tiny-0-decode-1-0')).stdout),
  );
  const events = (await run('events')).stdout;
  expect(events).toMatch(/Warning +ChaosKill +pod\/tiny-0-decode-0-0 /);
  expect(events).toMatch(/Warning +ChaosOom +modelserving\/tiny +tiny-0-decode-1-0: /);
});

it('what is frozen can be frozen for longer, and be killed; no program can be run in it', async () => {
  const name = (await podOf('prefill-0')).metadata.name;
  expect((await run('chaos', 'pause', name, '--for', '10m')).code).toBe(0);
  expect((await run('chaos', 'pause', name, '--for', '20m')).stdout).toContain('frozen for 20m');
  const refused = await run('chaos', 'oom', name);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is frozen by a drill') });
  await recovers('prefill-0', 'kill', name);
});

it('an end is told with the exit code that was asked for', async () => {
  await recovers('decode-2', 'exit', 'decode-2', '--code', '42');
  expect((await run('describe', 'pod', 'tiny-0-decode-2-0')).stdout).toContain('exit code 42');
});

it('what is stopped from outside comes back', async () => {
  await recovers('decode-3', 'stop', 'G-0', '-l', 'modelserving.volcano.sh/role-id=decode-3');
});

it('a pod that is made unready lowers availability, and comes back by itself, without a restart', async () => {
  const before = await podOf('decode-0');
  // Watched from before: on a slow machine it is over before anybody could ask.
  const watch = (...words: string[]) => {
    const child = execa(process.execPath, [main, ...words, '-w', '-o', 'json', '--cluster', cluster], {
      reject: false,
      stdin: 'ignore',
      env: { XDG_STATE_HOME: folder, NO_COLOR: '1' },
    });
    const seen = { text: '', end: () => child.kill('SIGINT') && child };
    child.stdout.on('data', (piece: Buffer) => (seen.text += piece.toString()));
    return seen;
  };
  const [pods, servings] = [watch('get', 'pods'), watch('get', 'ms')];
  try {
    await eventually('both watch', () => pods.text.includes('decode-0') && servings.text.includes('tiny'));
    await run('chaos', 'unready', 'decode-0', '--for', '1s');
    await eventually('it was unready', () => pods.text.includes('"reason": "ChaosUnready"'));
    await eventually('none was available', () => servings.text.includes('"availableReplicas": 0'));
  } finally {
    await Promise.all([pods.end(), servings.end()]);
  }
  await eventually('it is ready again', async () =>
    (await podOf('decode-0')).status.conditions.some(
      ({ type, status }: { type: string; status: string }) => type === 'Ready' && status === 'True',
    ),
  );
  expect((await available()).code).toBe(0);
  const after = await podOf('decode-0');
  expect(after.metadata.uid).toBe(before.metadata.uid);
  expect(after.status.containerStatuses[0].restartCount).toBe(0);
});

it('a frozen container goes on when its time is over, though the daemon was killed meanwhile', async () => {
  const before = await podOf('decode-0');
  await run('chaos', 'pause', 'decode-0', '--for', '8s');
  const isPaused = async () => {
    const { stdout } = await execa('docker', ['ps', '--filter', 'status=paused', '--format', '{{.Names}}']);
    return stdout.includes(`${cluster}_default_tiny-0-decode-0-0`);
  };
  expect(await isPaused()).toBe(true);
  process.kill((await json('version')).daemon.pid, 'SIGKILL');
  await run('up', file, '--detach');
  await eventually('it goes on', async () => !(await isPaused()));
  expect((await available()).code).toBe(0);
  expect((await podOf('decode-0')).metadata.uid).toBe(before.metadata.uid);
});

it('drills again and again are chosen by a seed, and hit nothing that is not ours', async () => {
  const again = await run(
    'chaos',
    'unready',
    'ms/tiny',
    '--every',
    '100ms',
    '--count',
    '3',
    '--seed',
    '5',
    '--for',
    '100ms',
  );
  expect(again.stdout.split('\n').length).toBe(3);
  expect(again.stdout).toContain('seed 5, round 3');
  const other = await run('chaos', 'kill', 'some-other-container');
  expect(other).toMatchObject({ code: 1, stdout: '' });
  expect(other.stderr).toContain('drills hit nothing else');
});
