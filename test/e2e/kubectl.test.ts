import { spawn } from 'node:child_process';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pod, serve } from '../unit/apiserver/serve.js';

let on: Awaited<ReturnType<typeof serve>>;
const environment = () => ({ ...process.env, KUBECONFIG: on.kubeconfig, HOME: '/nonexistent' });
const kubectl = (...args: string[]) =>
  execa('kubectl', args, { env: environment(), reject: false, timeout: 60_000 });

beforeAll(async () => {
  on = await serve();
  on.store.create('pods', pod('a'));
  on.store.create('pods', pod('b', ['x', 'y']));
});
afterAll(() => on.close());

it('finds kinds by their short names and prints tables', async () => {
  expect((await kubectl('get', 'ms')).stdout).toMatch(/NAME +READY .*\nsample +0\/1/);
  expect((await kubectl('get', 'po', '-A')).stdout).toMatch(/NAMESPACE +NAME +READY.*\ndefault +a +0\/1/);
  expect((await kubectl('get', 'pods', '-o', 'wide')).stdout).toMatch(/IP +NODE/);
  expect((await kubectl('get', 'sg')).stderr).toContain('No resources found');
  expect((await kubectl('get', 'pods', '-o', 'name', '-l', 'app=b')).stdout).toBe('pod/b');
});

it('follows pods with -w', async () => {
  const watching = spawn('kubectl', ['get', 'pods', '-w'], { env: environment() });
  let text = '';
  watching.stdout.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
  try {
    await vi.waitFor(() => expect(text).toContain('b '), 30_000);
    on.store.create('pods', pod('later'));
    await vi.waitFor(() => expect(text).toContain('later '), 30_000);
  } finally {
    watching.kill();
  }
});

it('scales, and is told where the rest is changed', async () => {
  expect((await kubectl('scale', 'ms/sample', '--replicas=3')).stdout).toContain('scaled');
  expect(on.edits).toEqual([{ replicas: 3 }]);
  const refused = await kubectl('delete', 'ms', 'sample');
  expect(refused.stderr).toContain('minithena down /tmp/sample.yaml');
  const patched = await kubectl(
    'patch',
    'ms',
    'sample',
    '--type=merge',
    '-p',
    '{"spec":{"recoveryPolicy":"None"}}',
  );
  expect(patched.stderr).toContain('/tmp/sample.yaml');
});

it('prints logs and deletes a pod', async () => {
  expect((await kubectl('logs', 'a')).stdout).toBe('one\ntwo');
  expect((await kubectl('logs', 'b', '-c', 'y')).stdout).toBe('one\ntwo');
  const deleted = await kubectl('delete', 'pod', 'a', '--wait=false', '--grace-period=7');
  expect(deleted.stdout).toBe('pod "a" deleted');
  expect(on.store.get('pods', 'default', 'a')?.metadata.deletionGracePeriodSeconds).toBe(7);
});
