import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { tinyRegistry } from '../engine/tiny-registry.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-pull-'));
const cluster = `pull-${process.pid}`;
const file = join(folder, 'serving.yaml');
const env = { XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1' };
const command = (...words: string[]) =>
  execa(process.execPath, [main, ...words, '--cluster', cluster], { env, reject: false, stdin: 'ignore' });
const write = (image: string) =>
  writeFileSync(
    file,
    `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: tiny }
spec:
  replicas: 2
  template:
    roles:
      - name: prefill
        replicas: 1
        workerReplicas: 0
        entryTemplate:
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{ name: main, image: "${image}", command: [/none] }]
`,
  );

afterAll(async () => {
  await command('down');
  await command('stop');
  rmSync(folder, { recursive: true, force: true });
});

it('`up` tells of an image once: that it is pulled, how far it is, and that it is here', async () => {
  const { stdout: architecture } = await execa('docker', ['info', '-f', '{{.Architecture}}']);
  const registry = await tinyRegistry(architecture);
  const image = `${registry.address}/model:slow`;
  try {
    write(image);
    const up = command('up', file, '--plain', '--timeout', '5m');
    let said = '';
    const some = /pulling: [12]\.\d\/4\.0 MiB \([2-5]\d %\)/;
    up.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (some.test(said)) registry.releaseSlow();
      if (said.includes('pulled: in ')) up.kill('SIGINT');
    });
    await up;
    const lines = said.split('\n').filter((line) => line.includes(`image ${image} `));
    expect(said).toMatch(some);
    expect(lines[0]).toMatch(/pulling$/);
    expect(lines.at(-1)).toMatch(/pulled: in \d+\.\ds$/);
    expect(lines.filter((line) => line.endsWith('pulling'))).toHaveLength(1);
    expect(registry.slowRequests()).toBe(1);
  } finally {
    await registry.close();
    await command('down');
    await execa('docker', ['rmi', '-f', image], { reject: false });
  }
});

it('`up --pull never` holds for all pods, also of the next daemon, until it is said otherwise', async () => {
  const pullOf = async () =>
    (JSON.parse((await command('version', '-o', 'json')).stdout) as { daemon: { pull: string } }).daemon.pull;
  write('127.0.0.1:1/not-there:latest');
  const up = await command('up', file, '--plain', '--pull', 'never', '--timeout', '5m');
  expect(up).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('ErrImageNeverPull') });
  await command('stop');
  await command('up', file, '--detach');
  expect(await pullOf()).toBe('never');
  await command('up', file, '--detach', '--pull', 'default');
  expect(await pullOf()).toBe('default');
  const wrong = await command('up', file, '--detach', '--pull', 'sometimes');
  expect(wrong).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('always, missing, never or default'),
  });
});
