import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-config-'));
const cluster = `config-${process.pid}`;
const state = join(folder, 'state');
/** The example in two files: the objects, and the serving that refers to them. */
const objects = join(folder, 'objects.yaml');
const serving = join(folder, 'serving.yaml');
cpSync(at('examples/config.yaml'), objects);
const whole = readFileSync(objects, 'utf8');
const split = whole.lastIndexOf('---\n');
writeFileSync(objects, whole.slice(0, split));
writeFileSync(serving, whole.slice(split));
const secret = 'hf_only_an_example';
const encoded = Buffer.from(secret).toString('base64');

const said: string[] = [];
const run = async (...words: string[]) => {
  const made = await execa(process.execPath, [at('dist/cli/main.js'), ...words, '--cluster', cluster], {
    reject: false,
    stdin: 'ignore',
    env: { XDG_STATE_HOME: state, NO_COLOR: '1' },
  });
  said.push(made.stdout, made.stderr);
  return { code: made.exitCode, stdout: made.stdout, stderr: made.stderr };
};
const docker = async (...words: string[]) => (await execa('docker', words)).stdout;
const containers = () =>
  docker('ps', '-q', '--no-trunc', '--filter', `label=minithena.dev/cluster=${cluster}`);
const inContainer = async (command: string) =>
  docker('exec', (await containers()).split('\n')[0] ?? '', 'sh', '-c', command);
const levelInForce = async () =>
  (await run('get', 'cm', 'serving-settings', '-o', 'jsonpath={.data.LOG_LEVEL}')).stdout;

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
const setLevel = (level: string) =>
  writeFileSync(objects, readFileSync(objects, 'utf8').replace(/LOG_LEVEL: \w+/, `LOG_LEVEL: ${level}`));

afterAll(async () => {
  await run('down', '--volumes');
  rmSync(folder, { recursive: true, force: true });
});

it('pods wait for what no file holds, and start when a file has it', async () => {
  const waiting = await run('up', serving, '--detach');
  expect(waiting.code).toBe(0);
  expect(waiting.stderr).toContain('warning MissingReference: no file holds the Secret default/huggingface');
  expect(waiting.stderr).toContain('claimName: model-cache');
  expect(await containers()).toBe('');
  const added = await run('up', objects, '--plain');
  expect(added).toMatchObject({ code: 0 });
  expect(added.stderr).toContain('secret/huggingface created');
  expect(
    await run('wait', 'modelserving/configured', '--for=condition=Available', '--timeout=5m'),
  ).toMatchObject({ code: 0 });
  expect(await inContainer('echo $LOG_LEVEL $HF_TOKEN; cat /etc/serving/LOG_LEVEL')).toBe(
    `info ${secret}\ninfo`,
  );
});

it('an edit is in force at once and restarts nothing, a bad one changes nothing', async () => {
  const before = await containers();
  setLevel('debug');
  await until('the edit', async () => (await levelInForce()) === 'debug');
  await until('the file', async () => (await inContainer('cat /etc/serving/LOG_LEVEL')) === 'debug');
  const good = readFileSync(objects, 'utf8');
  writeFileSync(
    objects,
    good.replace('LOG_LEVEL: debug', 'LOG_LEVEL: bad').replace('stringData', 'stringDta'),
  );
  expect(await levelInForce()).toBe('debug');
  const refused = await run('validate', objects);
  expect(refused.code).toBe(65);
  expect(refused.stdout + refused.stderr).toContain('did you mean `stringData`?');
  writeFileSync(objects, good);
  expect(await containers()).toBe(before);
});

it('a daemon that was killed has them again, and the pods run on', async () => {
  const before = await containers();
  const { pid } = JSON.parse((await run('version', '-o', 'json')).stdout).daemon as { pid: number };
  process.kill(pid, 'SIGKILL');
  expect(await run('up', serving, '--plain', '--timeout', '5m')).toMatchObject({ code: 0 });
  expect(await levelInForce()).toBe('debug');
  expect(await containers()).toBe(before);
});

it('kubectl is given the value, people and files are not', async () => {
  await run('describe', 'secret', 'huggingface');
  await run('get', 'secret', 'huggingface', '-o', 'yaml');
  await run('describe', 'pods');
  await run('events');
  const shown = said.join('\n');
  expect(shown).toContain('18 bytes');
  expect(shown).not.toContain(secret);
  expect(shown).not.toContain(encoded);
  const kept = (readdirSync(state, { recursive: true }) as string[])
    .map((name) => join(state, name))
    // The daemon runs and replaces its files.
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
    .join('\n');
  expect(kept).not.toContain(secret);
  expect(kept).not.toContain(encoded);
  const config = join(folder, 'kubeconfig');
  writeFileSync(config, (await run('kubeconfig')).stdout, { mode: 0o600 });
  const kubectl = (...words: string[]) =>
    execa('kubectl', ['--kubeconfig', config, ...words], { reject: false });
  expect((await kubectl('get', 'secret', 'huggingface', '-o', 'jsonpath={.data.token}')).stdout).toBe(
    encoded,
  );
  expect((await kubectl('get', 'cm,pvc', '-o', 'name')).stdout).toBe(
    'configmap/serving-settings\npersistentvolumeclaim/model-cache',
  );
});

it('they go with their files; what a claim holds stays until it is asked for', async () => {
  await inContainer('echo kept > /root/.cache/huggingface/model');
  const volume = `${cluster}_default_pvc_model-cache`;
  const down = await run('down', serving, objects);
  expect(down.stdout).toContain('secret/huggingface removed');
  expect(down.stdout).toContain(`volume/${volume} kept`);
  expect((await run('get', 'cm,secret,pvc', '-o', 'name')).stdout).toBe('');
  expect(await run('up', serving, objects, '--plain', '--timeout', '5m')).toMatchObject({ code: 0 });
  expect(await inContainer('cat /root/.cache/huggingface/model')).toBe('kept');
  await run('down', serving, objects, '--volumes');
  expect(await docker('volume', 'ls', '-q', '--filter', `name=${volume}`)).toBe('');
});
