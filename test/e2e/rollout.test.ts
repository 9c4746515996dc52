import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../engine/eventually.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-rollout-'));
const cluster = `rollout-${process.pid}`;
const file = join(folder, 'serving.yaml');
/** While it holds no file `open`, no container gets further than its start. */
const gate = join(folder, 'gate');
const original = `# what I run
apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata:
  name: tiny # its name
spec:
  replicas: 2
  template:
    roles:
      # there is one
      - name: prefill
        replicas: 1
        workerReplicas: 0
        entryTemplate:
          spec:
            terminationGracePeriodSeconds: 0
            containers:
              - name: main
                image: minithena/vllm-standin:latest # local
                env: [{ name: STANDIN_STARTUP_SECONDS, value: "0.2" }]
                lifecycle: { postStart: { exec: { command: [sh, -c, "until [ -e /gate/open ]; do sleep 0.05; done"] } } }
                volumeMounts: [{ name: gate, mountPath: /gate }]
            volumes: [{ name: gate, hostPath: { path: "${gate}" } }]
`;

const settings = { reject: false, stdin: 'ignore', env: { XDG_STATE_HOME: folder, NO_COLOR: '1' } } as const;
const words = (...given: string[]) => [main, ...given, '--cluster', cluster];
const run = async (...given: string[]) => {
  const { exitCode, stderr, stdout } = await execa(process.execPath, words(...given), settings);
  return { code: exitCode, stdout, stderr };
};
const text = () => readFileSync(file, 'utf8');
const status = (...more: string[]) => run('rollout', 'status', 'tiny', '--timeout', '5m', ...more);
const edit = (from: string, to: string) => writeFileSync(file, text().replace(from, to));
const json = async (...words: string[]) => JSON.parse((await run(...words, '-o', 'json')).stdout);
const killDaemon = async () => process.kill((await json('version')).daemon.pid, 'SIGKILL');

beforeAll(async () => {
  mkdirSync(gate);
  writeFileSync(join(gate, 'open'), '');
  writeFileSync(file, original);
  expect((await run('up', file, '--plain', '--timeout', '5m')).code).toBe(0);
});
afterAll(async () => {
  await run('down');
  rmSync(folder, { recursive: true, force: true });
});

it('a new template is followed, seen in the history, and taken back in the file, where every comment stays', async () => {
  expect(await run('rollout', 'undo', 'tiny')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('tiny has no earlier revision'),
  });
  // What is followed is held in the middle: otherwise it may be over before anybody looks.
  rmSync(join(gate, 'open'));
  edit('"0.2"', '"0.3"');
  const following = execa(process.execPath, words('rollout', 'status', 'tiny', '--timeout', '5m'), settings);
  let followed = '';
  following.stdout.on('data', (piece: Buffer) => (followed += piece.toString()));
  await eventually(
    () => `the middle: ${followed}`,
    () => /1 of 2 ServingGroups updated, 1 Running; G-0 takes the new template when G-1/.test(followed),
  );
  writeFileSync(join(gate, 'open'), '');
  expect((await following).exitCode).toBe(0);
  expect(followed.trim()).toMatch(/modelserving "tiny" successfully rolled out$/);
  expect((await run('rollout', 'history', 'tiny')).stdout).toMatch(
    /REVISION .*\n1 .* <none> .*vllm-standin:latest\n2 .* G-0,G-1 /,
  );
  const difference = await run('rollout', 'diff', 'tiny');
  expect(difference.code).toBe(2);
  expect(difference.stdout).toMatch(/-\s+value: "0\.2"\n\+\s+value: "0\.3"/);
  // The counts of now stay.
  edit('replicas: 2', 'replicas: 1');
  expect((await run('rollout', 'undo', 'tiny')).stdout).toBe('modelserving/tiny rolled back');
  expect(text()).toBe(original.replace('replicas: 2', 'replicas: 1'));
  expect((await status()).code).toBe(0);
  expect(
    (await json('rollout', 'history', 'tiny')).items.map((each: { number: number }) => each.number),
  ).toEqual([2, 3]);
});

it('a pause outlives the daemon, and a restart of all pods is a roll-out', async () => {
  await run('rollout', 'pause', 'tiny');
  expect(text()).toContain('  annotations:\n    minithena.dev/paused: "true"\n');
  const before = (await json('get', 'pods')).items[0].metadata.uid;
  expect((await run('rollout', 'restart', 'tiny')).code).toBe(0);
  expect(text()).toContain('kubectl.kubernetes.io/restartedAt');
  await killDaemon();
  await run('up', file, '--detach');
  expect(await status()).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('the roll-out is paused'),
  });
  expect((await run('rollout', 'undo', 'tiny')).stderr).toContain('it begins with: minithena rollout resume');
  expect((await run('rollout', 'restart', 'tiny')).code).toBe(0);
  expect((await json('get', 'pods')).items[0].metadata.uid).toBe(before);
  await run('rollout', 'resume', 'tiny');
  expect((await status()).code).toBe(0);
  expect((await json('get', 'pods')).items[0].metadata.uid).not.toBe(before);
  expect(text()).not.toContain('paused');
  expect((await run('rollout', 'undo', 'tiny', '--to-revision', '99')).stderr).toMatch(
    /no revision 99[\s\S]*there are: /,
  );
});

it('what a pod is annotated with stays over a kill of the daemon, and replaces nothing', async () => {
  const cost = 'controller.kubernetes.io/pod-deletion-cost';
  const before = (await json('get', 'pods')).items[0];
  expect((await run('annotate', `pod/${before.metadata.name}`, `${cost}=-7`)).code).toBe(0);
  await killDaemon();
  await run('up', file, '--plain', '--timeout', '5m');
  const after = (await json('get', 'pods')).items[0];
  expect(after.metadata.uid).toBe(before.metadata.uid);
  expect(after.metadata.annotations[cost]).toBe('-7');
  expect(after.status.containerStatuses).toEqual(before.status.containerStatuses);
  const pod = `pod/${before.metadata.name}`;
  expect(await run('annotate', pod, `${cost}=3`)).toMatchObject({
    code: 64,
    stderr: expect.stringContaining(`has ${cost}=-7 already`),
  });
  expect((await run('annotate', pod, `${cost}=3`, '--overwrite')).code).toBe(0);
});

it('a file that is not watched is compared with what is in force', async () => {
  const other = join(folder, 'other.yml');
  writeFileSync(other, text().replace('replicas: 1\n  template', 'replicas: 3\n  template'));
  expect(await run('diff', other)).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/- {2}replicas: 1\n\+ {2}replicas: 3/),
  });
  expect((await run('diff', file)).code).toBe(0);
});

it('a roll-out cannot be complete while the file does not validate', async () => {
  const good = text();
  writeFileSync(file, good.replace(/replicas: \d+/, 'replicas: many'));
  expect(await status()).toMatchObject({ code: 65, stderr: expect.stringContaining(`${file}:`) });
  writeFileSync(file, good);
  expect((await status()).code).toBe(0);
});
