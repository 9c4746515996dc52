import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-scheduling-'));
const cluster = `scheduling-${process.pid}`;
const file = join(folder, 'serving.yaml');

const run = async (...words: string[]) => {
  const { exitCode, stderr, stdout } = await execa(process.execPath, [main, ...words, '--cluster', cluster], {
    reject: false,
    stdin: 'ignore',
    env: { XDG_STATE_HOME: folder, NO_COLOR: '1' },
  });
  return { code: exitCode, stdout, stderr };
};
const up = (...words: string[]) => run('up', file, '--plain', '--timeout', '5m', ...words);

/** A gang of one pod with `gpus` and one with a single GPU. */
const write = (gpus: number) => {
  const role = (name: string, count: number) => `
      - name: ${name}
        replicas: 1
        workerReplicas: 0
        entryTemplate:
          spec:
            terminationGracePeriodSeconds: 0
            containers:
              - name: main
                image: minithena/vllm-standin:latest
                env: [{ name: STANDIN_STARTUP_SECONDS, value: "0.2" }]
                resources: { limits: { nvidia.com/gpu: ${count} } }`;
  writeFileSync(
    file,
    `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: tiny }
spec:
  replicas: 1
  template:
    gangPolicy: { minRoleReplicas: { prefill: 1, decode: 1 } }
    roles:${role('prefill', gpus)}${role('decode', 1)}
`,
  );
};

afterAll(async () => {
  await run('down');
  await run('stop');
  rmSync(folder, { recursive: true, force: true });
});

it('GPUs that there are not end `up` with the reason; said, they are given out, and known over a kill of the daemon', async () => {
  write(2);
  const never = await up('--gpus', 'fake:2');
  expect(never.code).toBe(1);
  expect(never.stderr).toContain('node: cpu ');
  expect(never.stderr).toContain('nvidia.com/gpu 2 (fake-0, fake-1)');
  expect(never.stderr).toMatch(
    /pod tiny-0-decode-0-0 InsufficientGPU: 0\/1 nodes are available: 1 Insufficient nvidia\.com\/gpu \(3 requested by the 2 pods of gang tiny-0, 2 in all\)\. This can never fit/,
  );
  expect((await run('get', 'pods')).stdout.match(/ Pending /g)?.length).toBe(2);

  // The daemon runs: it is told of more, and the same pods start.
  expect((await up('--gpus', 'fake:3')).code).toBe(0);
  const devices = async () => (await run('describe', 'node', 'minithena')).stdout.match(/GPUs of .*/g);
  const given = [
    'GPUs of default/tiny-0-decode-0-0: main=fake-0',
    'GPUs of default/tiny-0-prefill-0-0: main=fake-1,fake-2',
  ];
  expect(await devices()).toEqual(given);

  const { daemon } = JSON.parse((await run('version', '-o', 'json')).stdout) as { daemon: { pid: number } };
  process.kill(daemon.pid, 'SIGKILL');
  const again = await up();
  expect(again.code).toBe(0);
  expect(again.stderr).toContain('started the daemon');
  expect((await run('version')).stdout).toContain('nvidia.com/gpu 3 (fake-0, fake-1, fake-2)');
  expect(await devices()).toEqual(given);
  expect(
    (await run('get', 'pods', '-o', 'jsonpath={.items[*].status.containerStatuses[*].restartCount}')).stdout,
  ).toBe('0 0');
});

it('what cannot be understood is said before anything is done', async () => {
  const { code, stderr } = await up('--gpus', 'lots');
  expect(code).toBe(64);
  expect(stderr).toContain('--gpus lots: a count, device ids separated by commas, none, auto or fake:COUNT');
});
