import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'minithena-cli-'));
const state = join(folder, 'state');

const yaml = (replicas: number, extra = '') => `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata:
  name: tiny
spec:
  replicas: ${replicas} # how many ServingGroups
${extra}  template:
    roles:
      - name: decode
        replicas: 1
        workerReplicas: 0
        entryTemplate:
          spec:
            terminationGracePeriodSeconds: 1
            containers:
              - name: vllm
                image: minithena/vllm-standin:latest
                args: ["--model", "tiny"]
`;

async function run(
  ...words: string[]
): Promise<{ code: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stderr, stdout } = await execa(process.execPath, [main, ...words], {
    reject: false,
    stdin: 'ignore',
    env: { XDG_STATE_HOME: state, NO_COLOR: '1', MINITHENA_COMMAND: '' },
  });
  return { code: exitCode, stdout, stderr };
}

beforeAll(() => {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('without a daemon', () => {
  it('helps, and says what it does not understand', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Usage: minithena'),
    });
    expect(await run('lgos')).toMatchObject({
      code: 64,
      stdout: '',
      stderr: expect.stringContaining('Did you mean logs?'),
    });
  });

  it('says that nothing runs, and what to do', async () => {
    expect(await run('get', 'pods')).toMatchObject({
      code: 69,
      stdout: '',
      stderr: expect.stringMatching(/^error DaemonUnreachable: .*\nhint: .*minithena up/),
    });
    expect(await run('kubeconfig')).toMatchObject({ code: 69 });
    expect(await run('version')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('daemon: not running'),
    });
    expect(await run('stop')).toMatchObject({ code: 0 });
    expect(await run('down')).toMatchObject({ code: 0 });
  });

  it('validates files offline', async () => {
    const [good, bad] = [join(folder, 'good.yaml'), join(folder, 'bad.yaml')];
    writeFileSync(good, yaml(1));
    writeFileSync(bad, yaml(1, '  replics: 3\n'));
    expect(await run('validate', good)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('valid: 1 ModelServing, 0 errors'),
    });
    const refused = await run('validate', bad);
    expect(refused.code).toBe(65);
    expect(refused.stderr).toContain(`${bad}:7:3`);
    expect(await run('validate', join(folder, 'nowhere.yaml'))).toMatchObject({ code: 65 });
    expect(await run('up', bad)).toMatchObject({ code: 65, stdout: '' });
  });
});

describe.each(['simulated', 'docker'])('a ModelServing on the %s engine', (engine) => {
  const cluster = `cli-${engine}-${process.pid}`;
  const file = join(folder, `${engine}.yaml`);
  const at = (...words: string[]) => run(...words, '--cluster', cluster);

  beforeAll(() => writeFileSync(file, yaml(1)));
  afterAll(async () => {
    await at('down');
    await at('stop');
  });

  it('comes up, and ends with the commands that come next', async () => {
    const { code, stderr, stdout } = await at('up', file, '--engine', engine, '--plain', '--timeout', '5m');
    expect(stderr).toContain(`minithena down --cluster ${cluster}`);
    expect([code, stdout]).toEqual([0, 'Available tiny: 1/1 groups Running']);
  });

  it('is shown', async () => {
    expect((await at('get', 'ms', '-o', 'name')).stdout).toBe(
      'modelserving.workload.serving.volcano.sh/tiny',
    );
    expect((await at('get', 'pods', '--no-headers')).stdout).toMatch(
      /^tiny-0-decode-0-0\s+1\/1\s+Running\s+0\s+\d+[smh]/,
    );
    expect((await at('get', 'sg,roles,op', '-o', 'name')).stdout.split('\n')).toHaveLength(3);
    expect((await at('describe', 'ms', 'tiny')).stdout).toMatch(/Status:\s+Available/);
    expect((await at('get', 'pod', 'tiny-0-decode-0-0', '-o', 'jsonpath={.status.phase}')).stdout).toBe(
      'Running',
    );
    expect((await at('get', 'pod', 'nobody')).code).toBe(1);
    expect((await at('events', '--no-headers')).stdout).not.toBe('');
    expect((await at('logs', 'tiny-0-decode-0-0')).code).toBe(0);
  });

  it('plans, scales in the file, and waits for it', async () => {
    expect(await at('plan', 'tiny', '--replicas', '2')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('G-1'),
    });
    expect(await at('plan', 'tiny', '--replicas', '1')).toMatchObject({ code: 0 });
    expect(await at('scale', 'tiny', '--replicas', '2')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('replicas 1 → 2'),
    });
    expect(readFileSync(file, 'utf8')).toBe(yaml(2));
    expect(await at('wait', 'ms/tiny', '--for=condition=Available', '--timeout', '5m')).toMatchObject({
      code: 0,
    });
    expect((await at('get', 'pods', '-o', 'name')).stdout.split('\n')).toHaveLength(2);
  });

  it('is never green too early after an edit of the file', async () => {
    writeFileSync(file, yaml(3));
    expect(await at('wait', 'ms/tiny', '--for=condition=Available', '--timeout', '5m')).toMatchObject({
      code: 0,
    });
    expect((await at('get', 'pods', '-o', 'name')).stdout.split('\n')).toHaveLength(3);
  });

  it('says at once that the file is wrong, and that it is right again', async () => {
    writeFileSync(file, yaml(-1));
    expect(await at('wait', 'ms/tiny', '--for=condition=Available', '--timeout', '5m')).toMatchObject({
      code: 65,
    });
    expect((await at('get', 'ms', '--no-headers')).stdout).toContain('SpecInvalid');
    expect((await at('describe', 'ms', 'tiny')).stdout).toContain(`${file}:6:13`);
    writeFileSync(file, yaml(3));
    expect(await at('wait', 'ms/tiny', '--for=condition=Available', '--timeout', '5m')).toMatchObject({
      code: 0,
    });
  });

  it('is removed, and nothing is left', async () => {
    const { code, stdout } = await at('down');
    expect(code).toBe(0);
    expect(stdout.match(/modelserving\/tiny removed/g)).toHaveLength(1);
    expect(await at('get', 'pods')).toMatchObject({ code: 69 });
  });
});
