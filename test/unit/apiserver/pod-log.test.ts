import { afterEach, expect, it } from 'vitest';
import type { PodAccess } from '../../../src/apiserver/pod-requests.js';
import { AppError } from '../../../src/lib/app-error.js';
import { pod, serve } from './serve.js';

const log = '/api/v1/namespaces/default/pods/a/log';
let on: Awaited<ReturnType<typeof serve>> | undefined;
afterEach(() => on?.close());

async function open(logs?: PodAccess['logs']) {
  on = await serve(logs && { logs });
  on.store.create('pods', pod('a'));
  return on;
}

it('hands every option on to the kubelet', async () => {
  const asked: object[] = [];
  const { call } = await open(async function* (options) {
    const { signal: _signal, sinceMs = 0, ...rest } = options;
    asked.push({ ...rest, hundredSecondsAgo: sinceMs && Math.round((Date.now() - sinceMs) / 100_000) });
    yield { data: new TextEncoder().encode('line\n') };
  });
  await call('GET', `${log}?container=main&follow=true&previous=1&timestamps=true&tailLines=3`);
  await call('GET', `${log}?sinceSeconds=200000&limitBytes=2`);
  const time = new Date(Date.now() - 300_000_000).toISOString();
  await call('GET', `${log}?sinceTime=${time}`);
  const base = { namespace: 'default', pod: 'a', follow: false, previous: false, timestamps: false };
  expect(asked).toEqual([
    {
      ...base,
      container: 'main',
      follow: true,
      previous: true,
      timestamps: true,
      tail: 3,
      hundredSecondsAgo: 0,
    },
    { ...base, hundredSecondsAgo: 2000 },
    { ...base, hundredSecondsAgo: 3000 },
  ]);
});

it('ends after so many bytes, and refuses what is no number and no time', async () => {
  const { call } = await open();
  expect((await call('GET', `${log}?limitBytes=5`)).text).toBe('one\nt');
  for (const query of ['tailLines=all', 'tailLines=-1', 'sinceSeconds=1h', 'sinceTime=lately', 'limitBytes='])
    expect((await call('GET', `${log}?${query}`)).status, query).toBe(400);
});

it('tells an error that comes before the first byte as a Status', async () => {
  // biome-ignore lint/correctness/useYield: it fails before it has anything
  const { call } = await open(async function* () {
    throw new AppError('NotFound', 'container "main" in pod "a" is waiting to start');
  });
  expect((await call('GET', log)).json()).toMatchObject({ kind: 'Status', code: 404 });
});
