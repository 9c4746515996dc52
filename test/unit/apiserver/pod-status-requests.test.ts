import { afterEach, expect, it } from 'vitest';
import { pod, serve } from './serve.js';

const path = '/api/v1/namespaces/default/pods/a/status';
let on: Awaited<ReturnType<typeof serve>> | undefined;
afterEach(() => on?.close());
const withConditions = (...conditions: object[]) => ({ status: { conditions } });
const ready = { type: 'Ready', status: 'False' };
const as = (kind: 'strategic-merge-patch' | 'merge-patch' | 'json-patch') => ({
  headers: { 'content-type': `application/${kind}+json` },
});

async function open() {
  on = await serve();
  const { store, call } = on;
  const { uid = '' } = store.create('pods', pod('a')).metadata;
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
    metadata: { labels: { not: 'here' } },
    status: { phase: 'Failed', conditions: [gate, { type: 'Ready', status: 'True' }] },
  };
  const strategic = as('strategic-merge-patch');
  expect((await call('PATCH', path, { body, ...strategic })).status).toBe(200);
  const first = { ...gate, lastTransitionTime: expect.any(String) };
  expect(status()).toEqual({ phase: 'Running', conditions: [ready, first] });
  const second = { type: 'x.test/other', status: 'False', reason: 'Loading' };
  await call('PATCH', path, { body: withConditions(second), ...strategic });
  expect(status()?.conditions).toMatchObject([ready, gate, second]);
  // Of others alone, for the next start.
  expect(on?.kept.at(-1)?.conditions).toMatchObject([gate, second]);
  await call('PATCH', `${path}?dryRun=All`, {
    body: withConditions({ ...gate, status: 'False' }),
    ...strategic,
  });
  expect(status()?.conditions).toMatchObject([ready, gate, second]);
  await call('PATCH', path, { body: {}, ...strategic });
  expect(status()?.conditions).toMatchObject([ready, gate, second]);
  expect((await call('GET', path)).json()).toMatchObject({
    kind: 'Pod',
    metadata: { labels: { app: 'a' } },
    status: { phase: 'Running' },
  });
  const gone = { type: gate.type, $patch: 'delete' };
  expect((await call('PATCH', path, { body: withConditions(gone), ...strategic })).status).toBe(200);
  expect(status()?.conditions).toMatchObject([ready, second]);
});

it('replaces the conditions of others by those of a PUT or a merge patch', async () => {
  const { call, status } = await open();
  const gate = { type: 'x.test/model', status: 'True' };
  await call('PUT', path, { body: { ...pod('a'), ...withConditions(gate) } });
  expect(status()?.conditions).toMatchObject([ready, gate]);
  const second = { type: 'x.test/other', status: 'False' };
  await call('PATCH', path, { body: withConditions(second), ...as('merge-patch') });
  expect(status()?.conditions).toMatchObject([ready, second]);
  const stale = { ...pod('a'), ...withConditions() };
  const body = { ...stale, metadata: { ...stale.metadata, resourceVersion: '1' } };
  expect((await call('PUT', path, { body })).status).toBe(409);
  expect(status()?.conditions).toHaveLength(2);
});

it.each([
  [400, '{}'],
  [400, withConditions({ type: 'x' })],
  [400, withConditions({ type: 'x', status: 'yes' })],
] as const)('refuses with %i: %j', async (code, body) => {
  const { call } = await open();
  expect((await call('PATCH', path, { body, ...as('merge-patch') })).status).toBe(code);
});

it('takes a JSON patch as well, and writes the time of a condition that tells none', async () => {
  const { call, status } = await open();
  const gate = { type: 'x.test/model', status: 'True', lastTransitionTime: null };
  const body = [
    { op: 'test', path: '/status/conditions/0/type', value: 'Ready' },
    { op: 'add', path: '/status/conditions/-', value: gate },
  ];
  expect((await call('PATCH', path, { body, ...as('json-patch') })).status).toBe(200);
  expect(status()?.conditions).toEqual([ready, { ...gate, lastTransitionTime: expect.any(String) }]);
  const spoilt = [{ op: 'add', path: '/status/conditions/-', value: { ...gate, reason: { a: 1 } } }];
  expect((await call('PATCH', path, { body: spoilt, ...as('json-patch') })).status).toBe(400);
  const removal = [{ op: 'remove', path: '/status/conditions/1' }];
  expect((await call('PATCH', path, { body: removal, ...as('json-patch') })).status).toBe(200);
  expect(status()?.conditions).toEqual([ready]);
});
