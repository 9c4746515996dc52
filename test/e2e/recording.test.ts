import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-recording-'));
const cluster = `recording-${process.pid}`;
const file = join(folder, 'serving.yaml');
const settings = { reject: false, stdin: 'ignore', env: { XDG_STATE_HOME: folder, NO_COLOR: '1' } } as const;
const words = (...given: string[]) => [main, ...given, '--cluster', cluster];
const run = (...given: string[]) => execa(process.execPath, words(...given), settings);

afterAll(async () => {
  await run('down');
  await run('stop');
  rmSync(folder, { recursive: true, force: true });
});

it('a scaling that was recorded is replayed without a daemon; a recorder that is killed leaves what it saw', async () => {
  writeFileSync(
    file,
    `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: tiny }
spec:
  replicas: 1
  template:
    roles:
      - name: decode
        replicas: 1
        workerReplicas: 0
        entryTemplate:
          spec:
            terminationGracePeriodSeconds: 0
            containers:
              - name: main
                image: minithena/vllm-standin:latest
                env: [{ name: STANDIN_STARTUP_SECONDS, value: "0.1" }, { name: TOKEN, value: never-to-be-recorded }]
`,
  );
  expect((await run('up', file, '--plain', '--timeout', '5m')).exitCode).toBe(0);

  const killed = join(folder, 'killed.jsonl');
  const recorder = execa(process.execPath, words('record', killed), settings);
  const text = () => {
    try {
      return readFileSync(killed, 'utf8');
    } catch {
      return '';
    }
  };
  await expect.poll(text, { timeout: 120_000 }).toContain('"kind":"ScalingOperation"');

  const whole = join(folder, 'whole.jsonl');
  expect((await run('scale', 'tiny', '--replicas', '2')).exitCode).toBe(0);
  const recorded = await run('record', whole, '--until-complete', '--for', '5m');
  expect(recorded.exitCode, recorded.stderr).toBe(0);
  await expect.poll(text, { timeout: 120_000 }).toContain('Scale completed');
  await expect.poll(text, { timeout: 120_000 }).toMatch(/"name":"tiny-2"[^\n]*"phase":"Complete"/);
  recorder.kill('SIGKILL');
  await recorder;

  const said = JSON.parse((await run('get', 'operations', '-o', 'json')).stdout) as { items: object[] };
  expect(said.items).toHaveLength(2);
  expect((await run('down')).exitCode).toBe(0);
  expect((await run('stop')).exitCode).toBe(0);
  for (const each of [killed, whole]) {
    expect(readFileSync(each, 'utf8')).not.toContain('never-to-be-recorded');
    const replayed = await run('replay', each, '-o', 'json');
    expect(JSON.parse(replayed.stdout)).toEqual(said);
  }
  const plain = await run('replay', killed, '--speed', 'max');
  expect(plain.exitCode).toBe(0);
  expect(plain.stdout).toContain('group tiny-1 Creating');
  expect(plain.stdout).toContain('group tiny-1 Running');
  expect(plain.stdout).toContain('tiny Available: All Serving groups are ready');
});
