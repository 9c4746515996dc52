/** The whole life of a ModelServing, and of a bare Pod, through nothing but the API, on the real engine; no file is watched. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ensureBusyboxImage } from '../engine/busybox-image.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-objects-'));
const cluster = `objects-${process.pid}`;
const state = join(folder, 'state', 'minithena', cluster);
const env = { XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1', HOME: folder, TMPDIR: folder };
const minithena = (...words: string[]) =>
  execa(process.execPath, [main, ...words, '--cluster', cluster], { reject: false, stdin: 'ignore', env });
const kubectl = (words: string[], input = '') =>
  execa('kubectl', words, {
    reject: false,
    input,
    timeout: 150_000,
    env: { ...env, KUBECONFIG: join(state, 'kubeconfig') },
  });
const say = async (...words: string[]) => (await kubectl(words)).stdout;
const create = (object: object) => kubectl(['create', '-f', '-'], JSON.stringify(object));
const starter = join(folder, 'starter.yaml');
const daemonPid = async () => Number(/pid (\d+)/.exec((await minithena('version')).stdout)?.[1]);
const containers = async () => {
  const filter = ['--filter', `label=minithena.dev/cluster=${cluster}`];
  return (await execa('docker', ['ps', '-aq', ...filter])).stdout
    .split('\n')
    .filter((id) => id !== '')
    .sort();
};

const podSpec = (script: string) => ({
  terminationGracePeriodSeconds: 0,
  containers: [{ name: 'main', image: 'minithena/test-busybox:1', command: ['/bin/sh', '-c', script] }],
});
const serving = {
  apiVersion: 'workload.serving.volcano.sh/v1alpha1',
  kind: 'ModelServing',
  metadata: { name: 'tiny' },
  spec: {
    replicas: 1,
    template: {
      roles: [
        { name: 'prefill', replicas: 1, workerReplicas: 0, entryTemplate: { spec: podSpec('sleep 100000') } },
      ],
    },
  },
};

beforeAll(async () => {
  await ensureBusyboxImage();
  writeFileSync(starter, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: starter }\ndata: { a: b }\n');
  expect(await minithena('up', starter, '--detach')).toMatchObject({ exitCode: 0 });
});
afterAll(async () => {
  await minithena('down');
  const left = await containers();
  if (left.length > 0) await execa('docker', ['rm', '-fv', ...left]);
  rmSync(folder, { recursive: true, force: true });
});

it('runs what is created, and scales it', async () => {
  expect((await create(serving)).stdout).toContain('tiny created');
  const bare = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'bare' },
    spec: podSpec('echo hello; sleep 100000'),
  };
  expect((await create(bare)).stdout).toContain('pod/bare created');
  expect((await kubectl(['wait', 'ms/tiny', '--for=condition=Available', '--timeout=120s'])).exitCode).toBe(
    0,
  );
  expect((await kubectl(['wait', 'pod/bare', '--for=condition=Ready', '--timeout=120s'])).exitCode).toBe(0);
  // A pod without a probe is ready before it has said anything.
  await vi.waitFor(async () => expect(await say('logs', 'bare')).toBe('hello'), 60_000);
  expect(await say('scale', 'ms/tiny', '--replicas=2')).toContain('scaled');
  await vi.waitFor(
    async () => expect(await say('get', 'sg', '--no-headers')).toMatch(/tiny-1 +1\/1 +Running/),
    190_000,
  );
});

it('is the same after a kill of the daemon', async () => {
  const uids = ['get', 'ms,pods', '-o', 'jsonpath={.items[*].metadata.uid}'];
  const [before, ran] = [await say(...uids), await containers()];
  process.kill(await daemonPid(), 'SIGKILL');
  expect((await minithena('up', starter, '--detach')).exitCode).toBe(0);
  await vi.waitFor(async () => {
    expect(await say(...uids)).toBe(before);
    expect((await kubectl(['wait', 'pod/bare', '--for=condition=Ready', '--timeout=120s'])).exitCode).toBe(0);
  }, 200_000);
  expect(await containers()).toEqual(ran);
});

it('brings back a Service and a revision that are needed, and refuses what a watched file holds', async () => {
  const revision = await say('get', 'controllerrevisions', '-o', 'name');
  expect(await say('get', 'controllerrevisions')).toContain('modelserving.workload.serving.volcano.sh/');
  expect(await say('delete', revision)).toContain('deleted');
  await vi.waitFor(
    async () => expect(await say('get', 'controllerrevisions', '-o', 'name')).toBe(revision),
    90_000,
  );
  expect((await kubectl(['delete', 'configmap', 'starter'])).stderr).toMatch(
    new RegExp(`Forbidden.*${starter}:3.*minithena down ${starter}`),
  );
});

it('ends with its namespace, over a kill too, or when it is deleted, and leaves nothing', async () => {
  await say('create', 'namespace', 'team');
  const inside = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'team' },
    spec: podSpec('sleep 100000'),
  };
  expect((await create(inside)).stdout).toContain('created');
  expect(await say('delete', 'namespace', 'team', '--wait=false')).toContain('deleted');
  // Whatever was begun goes on.
  process.kill(await daemonPid(), 'SIGKILL');
  expect((await minithena('up', starter, '--detach')).exitCode).toBe(0);
  await vi.waitFor(
    async () => expect(await say('get', 'namespaces', '-o', 'name')).toBe('namespace/default'),
    90_000,
  );
  expect(await say('get', 'pods', '-A', '--no-headers')).not.toContain('team');
  const networks = async () => (await execa('docker', ['network', 'ls', '--format', '{{.Name}}'])).stdout;
  await vi.waitFor(async () => expect(await networks()).not.toContain(`${cluster}_team`), 90_000);
  expect(await say('delete', 'ms/tiny', 'pod/bare')).toContain('"bare" deleted');
  await vi.waitFor(async () => expect(await containers()).toEqual([]), 90_000);
  for (const resource of ['modelservings', 'pods', 'namespaces'])
    await vi.waitFor(() => expect(readdirSync(join(state, 'objects', resource))).toEqual([]), 60_000);
});
