import { afterEach, expect, it } from 'vitest';
import { pod, serve } from './serve.js';

const path = '/api/v1/namespaces/default/pods/a/status';
let on: Awaited<ReturnType<typeof serve>> | undefined;
afterEach(() => on?.close());
const withConditions = (...conditions: object[]) => ({ status: { conditions } });

async function open() {
  on = await serve();
  const { store, call } = on;
  const { uid = '' } = store.create('pods', pod('a')).metadata;
  const ready = { type: 'Ready', status: 'False' };
  store.updateStatus(
    'pods',
    { namespace: 'default', name: 'a', uid },
    { phase: 'Running', conditions: [ready] },
  );
  return { call, status: () => store.get('pods', 'default', 'a')?.status };
}

it('merges the conditions of others by their types, and leaves the rest to the kubelet', async () => {
  const { call, status } = await open();
  const gate = { type: 'x.test/model', status: 'True' };
  const body = {
    status: { phase: 'Failed', conditions: [gate, { type: 'Ready', status: 'True' }] },
  };
  expect((await call('PATCH', path, { body })).status).toBe(200);
  const ready = { type: 'Ready', status: 'False' };
  const first = { ...gate, lastTransitionTime: expect.any(String) };
  expect(status()).toEqual({ phase: 'Running', conditions: [ready, first] });
  const second = { type: 'x.test/other', status: 'False', reason: 'Loading' };
  await call('PUT', path, { body: withConditions(second) });
  expect(status()?.conditions).toMatchObject([ready, gate, second]);
  await call('PATCH', `${path}?dryRun=All`, { body: withConditions({ ...gate, status: 'False' }) });
  expect(status()?.conditions).toMatchObject([ready, gate, second]);
  expect((await call('GET', path)).json()).toMatchObject({ kind: 'Pod', status: { phase: 'Running' } });
});

it.each([
  '{}',
  '[{"op":"add"}]',
  withConditions({ type: 'x' }),
  withConditions({ type: 'x', status: 'yes' }),
])('refuses %j', async (body) => {
  const { call } = await open();
  expect((await call('PATCH', path, { body })).status).toBe(400);
});

it('takes a JSON patch as well, and writes the time of a condition that tells none', async () => {
  const { call, status } = await open();
  const gate = { type: 'x.test/model', status: 'True', lastTransitionTime: null };
  const body = [
    { op: 'test', path: '/status/conditions/0/type', value: 'Ready' },
    { op: 'add', path: '/status/conditions/-', value: gate },
  ];
  const headers = { 'content-type': 'application/json-patch+json' };
  expect((await call('PATCH', path, { body, headers })).status).toBe(200);
  const ready = { type: 'Ready', status: 'False' };
  expect(status()?.conditions).toEqual([ready, { ...gate, lastTransitionTime: expect.any(String) }]);
  const spoilt = [{ op: 'add', path: '/status/conditions/-', value: { ...gate, reason: { a: 1 } } }];
  expect((await call('PATCH', path, { body: spoilt, headers })).status).toBe(400);
});
