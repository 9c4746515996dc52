import { spawn } from 'node:child_process';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pod, serve } from '../unit/apiserver/serve.js';

let on: Awaited<ReturnType<typeof serve>>;
const environment = () => ({
  ...process.env,
  KUBECONFIG: on.kubeconfig,
  HOME: '/nonexistent',
  // As older ones do.
  KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false',
});
const kubectl = (...args: string[]) =>
  execa('kubectl', args, { env: environment(), reject: false, timeout: 150_000 });

beforeAll(async () => {
  on = await serve();
  on.store.create('pods', pod('a'));
  on.store.create('pods', pod('b', ['x', 'y']));
});
afterAll(() => on.close());

it('finds kinds by their short names and prints tables', async () => {
  expect((await kubectl('get', 'ms')).stdout).toMatch(
    /NAME +REPLICAS +AVAILABLE +UPDATED +AGE\nsample +0 +0 +0 /,
  );
  expect((await kubectl('get', 'po', '-A')).stdout).toMatch(/NAMESPACE +NAME +READY.*\ndefault +a +0\/1/);
  expect((await kubectl('get', 'pods', '-o', 'wide')).stdout).toMatch(/IP +NODE/);
  expect((await kubectl('get', 'sg')).stderr).toContain('No resources found');
  expect((await kubectl('get', 'pods', '-o', 'name', '-l', 'app=b')).stdout).toBe('pod/b');
  expect((await kubectl('get', 'ns')).stdout).toMatch(/\ndefault +Active/);
  const all = (await kubectl('get', 'all')).stdout;
  expect(all).toMatch(/pod\/a .*/);
  expect(all).toMatch(/modelserving.workload.serving.volcano.sh\/sample /);
  const sorted = await kubectl('get', 'pods', '--sort-by=.spec.containers[0].name', '--no-headers');
  expect(sorted.stdout).toMatch(/^a .*\nb /);
});

it('selects by labels and fields, in chunks, and says why not', async () => {
  const names = async (...args: string[]) => (await kubectl('get', 'pods', '-o', 'name', ...args)).stdout;
  expect(await names('-l', 'app in (a, b),!gone', '--chunk-size=1')).toBe('pod/a\npod/b');
  expect(await names('--field-selector', 'metadata.name!=a,status.phase=Running')).toBe('pod/b');
  expect((await kubectl('get', 'pods', '--no-headers', '--chunk-size=1')).stdout).toMatch(/^a .*\nb /);
  expect((await kubectl('get', 'pods', '-l', 'app in (a')).stderr).toContain("expected: ',' or ')'");
  const refused = await kubectl('get', 'pods', '--field-selector', 'spec.image=x');
  expect(refused.stderr).toMatch(/field label not supported: spec.image .*spec.nodeName/);
});

it('says what one may do, and describes', async () => {
  expect((await kubectl('auth', 'can-i', 'delete', 'pods')).stdout).toBe('yes');
  expect((await kubectl('auth', 'can-i', 'delete', 'ms')).stdout).toBe('yes');
  expect((await kubectl('auth', 'can-i', 'create', 'sg')).stdout).toMatch(/^no/);
  expect((await kubectl('auth', 'can-i', '*', '*')).stdout).toBe('yes');
  expect((await kubectl('auth', 'can-i', '--list')).stdout).toMatch(
    /modelservings.workload.serving.volcano.sh +\[\]/,
  );
  expect((await kubectl('describe', 'ms', 'sample')).stdout).toMatch(/Kind: +ModelServing/);
  expect((await kubectl('describe', 'pod', 'a')).stdout).toMatch(/^Name: +a\n/);
  expect((await kubectl('exec', 'a', '--', 'true')).stderr).toContain('kubectl 1.30');
});

it('waits for a condition and for an end', async () => {
  const waiting = kubectl('wait', 'pod/a', '--for=condition=Ready', '--timeout=120s');
  const before = on.store.get('pods', 'default', 'a')!;
  const condition = { type: 'Ready', status: 'True', lastTransitionTime: new Date().toISOString() };
  on.store.updateStatus(
    'pods',
    { namespace: 'default', name: 'a', uid: before.metadata.uid! },
    { phase: 'Running', conditions: [condition] },
  );
  expect((await waiting).stdout).toBe('pod/a condition met');
  on.store.create('pods', pod('brief'));
  const gone = kubectl('delete', 'pod', 'brief', '--grace-period=1');
  // What the kubelet does when the last container has gone.
  await vi.waitFor(() => {
    expect(on.store.get('pods', 'default', 'brief')?.metadata.deletionTimestamp).toBeDefined();
  }, 90_000);
  on.store.remove('pods', { namespace: 'default', name: 'brief' });
  expect((await gone).exitCode).toBe(0);
});

it('follows pods with -w', async () => {
  const watching = spawn('kubectl', ['get', 'pods', '-w'], { env: environment() });
  let text = '';
  watching.stdout.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
  try {
    await vi.waitFor(() => expect(text).toContain('b '), 90_000);
    on.store.create('pods', pod('later'));
    await vi.waitFor(() => expect(text).toContain('later '), 90_000);
  } finally {
    watching.kill();
  }
});

it('scales and patches, and is told where a ModelServing is deleted', async () => {
  expect((await kubectl('scale', 'ms/sample', '--replicas=3')).stdout).toContain('scaled');
  expect(on.edits).toEqual([{ path: ['spec', 'replicas'], value: 3 }]);
  const refused = await kubectl('delete', 'ms', 'sample');
  expect(refused.stderr).toMatch(/Forbidden.*minithena down \/tmp\/sample.yaml/s);
  const patched = await kubectl(
    'patch',
    'ms',
    'sample',
    '--type=merge',
    '-p',
    '{"spec":{"recoveryPolicy":"None"}}',
  );
  expect(patched.stdout).toContain('patched');
  expect(on.edits[1]).toEqual({ path: ['spec', 'recoveryPolicy'], value: 'None' });
});

it('prints logs and deletes a pod', async () => {
  expect((await kubectl('logs', 'a')).stdout).toBe('one\ntwo');
  expect((await kubectl('logs', 'b', '-c', 'y')).stdout).toBe('one\ntwo');
  const deleted = await kubectl('delete', 'pod', 'a', '--wait=false', '--grace-period=7');
  expect(deleted.stdout).toBe('pod "a" deleted');
  expect(on.store.get('pods', 'default', 'a')?.metadata.deletionGracePeriodSeconds).toBe(7);
  // kubectl takes for granted that one that goes says its grace.
  await kubectl('delete', 'pod', 'b', '--wait=false');
  expect((await kubectl('describe', 'pod', 'b')).stdout).toMatch(
    /Terminating.*\nTermination Grace Period: +30s/,
  );
});
