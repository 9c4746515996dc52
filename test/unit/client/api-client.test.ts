import { afterEach, expect, it, vi } from 'vitest';
import { connect } from '../../../src/client/api-client.js';
import { AppError } from '../../../src/lib/app-error.js';
import { pod, problem, serve } from '../apiserver/serve.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(more: Parameters<typeof serve>[0] = {}) {
  const on = await serve(more);
  const client = await connect({ kubeconfig: on.kubeconfig });
  const aborter = new AbortController();
  closers.push(
    () => on.close(),
    () => client.close(),
    () => aborter.abort(),
  );
  return { ...on, client, signal: aborter.signal, abort: () => aborter.abort() };
}

it('restores the error that the daemon threw, with all its details', async () => {
  const { client } = await open();
  const error = await client.control.up({ files: ['a.yaml'] }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({
    code: 'SpecInvalid',
    message: 'a.yaml:1:1: bad',
    hint: 'correct it',
    details: { diagnostics: expect.arrayContaining([problem]) },
  });
  expect(await client.control.down({})).toEqual({ removed: ['default/sample'], kept: [] });
});

it('scales groups and roles, and names the roles there are', async () => {
  const { client, edits } = await open();
  await client.scale('default', 'sample', { replicas: 2, roleReplicas: { prefill: 3 } });
  expect(edits).toEqual([
    { path: ['spec', 'replicas'], value: 2 },
    { path: ['spec', 'template', 'roles', 0, 'replicas'], value: 3 },
  ]);
  await expect(client.scale('default', 'sample', { roleReplicas: { x: 1 } })).rejects.toMatchObject({
    code: 'NotFound',
    hint: 'roles: prefill',
  });
});

it('says what to do when nobody listens and when nothing was ever started', async () => {
  const { client, server, kubeconfig } = await open();
  await server.close();
  await expect(client.list('pods')).rejects.toMatchObject({
    code: 'DaemonUnreachable',
    message: expect.stringMatching(/^the cluster does not answer at .*: nobody listens there$/),
    hint: expect.stringContaining(kubeconfig),
  });
  await expect(connect({ kubeconfig: '/nowhere/kubeconfig' })).rejects.toMatchObject({ code: 'Usage' });
  await expect(connect({ cluster: 'never-started' })).rejects.toMatchObject({
    code: 'DaemonUnreachable',
    hint: 'start it with: minithena up FILE',
  });
});

it('watches, tells once that contact is lost, and says what the next server no longer has', async () => {
  const { client, store, server, signal } = await open();
  store.create('pods', pod('a'));
  const seen: string[] = [];
  void client.watch(
    'pods',
    {},
    (change) => seen.push('object' in change ? `${change.type} ${change.object.metadata.name}` : change.type),
    signal,
  );
  await vi.waitFor(() => expect(seen).toEqual(['ADDED a', 'SYNCED']), 30_000);
  store.create('pods', pod('b'));
  store.remove('pods', { namespace: 'default', name: 'a' });
  await vi.waitFor(() => expect(seen.slice(2)).toEqual(['ADDED b', 'DELETED a']), 30_000);
  await server.close();
  await vi.waitFor(() => expect(seen.slice(4)).toEqual(['DISCONNECTED']), 30_000);
  const next = await serve({ port: server.port });
  closers.push(() => next.close());
  next.store.create('pods', pod('c'));
  await vi.waitFor(() => expect(seen.slice(5)).toEqual(['DELETED b', 'ADDED c', 'SYNCED']), 30_000);
});

it('ends a followed log at the server when the client goes', async () => {
  let ended = false;
  const { client, store, signal, abort } = await open({
    async *logs({ signal: gone }) {
      yield { data: new TextEncoder().encode('first\n') };
      await new Promise<void>((resolve) => gone?.addEventListener('abort', () => resolve()));
      ended = true;
    },
  });
  store.create('pods', pod('a'));
  const text: string[] = [];
  for await (const piece of client.logs({ namespace: 'default', pod: 'a', follow: true }, signal)) {
    text.push(piece);
    abort();
  }
  expect(text).toEqual(['first\n']);
  await vi.waitFor(() => expect(ended).toBe(true), 30_000);
});
