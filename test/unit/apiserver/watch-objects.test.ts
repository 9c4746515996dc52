import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Line, pod, serve } from './serve.js';

const pods = '/api/v1/namespaces/default/pods';
const names = (told: readonly Line[]) => told.map(({ type, object }) => `${type} ${object.metadata.name}`);
const slowly = (check: () => void) => vi.waitFor(check, 20_000);
const soon = (check: () => void) => vi.waitFor(check, 20_000);

let on: Awaited<ReturnType<typeof serve>>;
beforeEach(async () => {
  on = await serve();
});
afterEach(() => on.close());

it('replays what came after a version, and says so when that is no longer known', async () => {
  const { resourceVersion } = on.store.list('pods');
  on.store.create('pods', pod('a'));
  on.store.remove('pods', { namespace: 'default', name: 'a' });
  on.store.create('pods', pod('b'));
  const from = on.follow(`${pods}?watch=1&resourceVersion=${resourceVersion}`);
  await soon(() => expect(names(from.told)).toEqual(['ADDED a', 'DELETED a', 'ADDED b']));
  const old = on.follow(`${pods}?watch=1&resourceVersion=1`);
  await soon(() =>
    expect([old.ended, old.told[0]?.type, old.told[0]?.object.code]).toEqual(['cleanly', 'ERROR', 410]),
  );
});

it('begins with what exists, marks where that ends, and ends in its time with a bookmark', async () => {
  on.store.create('pods', pod('a'));
  const query = 'watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan';
  const watch = on.follow(`${pods}?${query}&timeoutSeconds=1`);
  await soon(() => expect(watch.ended).toBe('cleanly'));
  expect(watch.told.map(({ type, object }) => [type, object.kind])).toEqual([
    ['ADDED', 'Pod'],
    ['BOOKMARK', 'Pod'],
    ['BOOKMARK', 'Pod'],
  ]);
  expect(watch.told[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  expect(watch.told[2]?.object.metadata.resourceVersion).toBe(on.store.list('pods').resourceVersion);
});

it('does not take a very long time for none', async () => {
  const watch = on.follow(`${pods}?watch=1&timeoutSeconds=99999999`);
  on.store.create('pods', pod('a'));
  await soon(() => expect(names(watch.told)).toEqual(['ADDED a']));
  expect(watch.ended).toBe('');
});

it('tells by a selector what begins to match and what ceases to', async () => {
  const running = pod('a');
  const pending = { ...running, status: { phase: 'Pending' } };
  on.store.create('pods', pending);
  on.store.create('pods', pod('b'));
  const watch = on.follow(`${pods}?watch=1&fieldSelector=status.phase%3DRunning`);
  await soon(() => expect(names(watch.told)).toEqual(['ADDED b']));
  on.store.update('pods', running);
  on.store.update('pods', { ...running, metadata: { ...running.metadata, labels: {} } });
  on.store.update('pods', pending);
  on.store.remove('pods', { namespace: 'default', name: 'a' });
  on.store.remove('pods', { namespace: 'default', name: 'b' });
  await soon(() =>
    expect(names(watch.told).slice(1)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a', 'DELETED b']),
  );
});

it('tells a client that comes back what ceased to match while it was away', async () => {
  on.store.create('pods', pod('a'));
  const from = on.store.list('pods').resourceVersion;
  on.store.update('pods', { ...pod('a'), status: { phase: 'Failed' } });
  const query = `watch=1&fieldSelector=status.phase%3DRunning&resourceVersion=${from}`;
  const watch = on.follow(`${pods}?${query}`);
  await soon(() => expect(names(watch.told)).toEqual(['DELETED a']));
  expect(Number(watch.told[0]?.object.metadata.resourceVersion)).toBe(Number(from) + 1);
});

it('cuts off a client that does not read, and goes on for the others', async () => {
  const slow = on.follow(`${pods}?watch=1&slowly`);
  const quick = on.follow(`${pods}?watch=1`);
  // A round trip of another request: both watches are open by then.
  on.store.create('pods', pod('first'));
  await soon(() => expect(names(quick.told)).toEqual(['ADDED first']));
  for (let at = 0; at < 400; at += 1) {
    const each = pod(`p${at}`);
    on.store.create('pods', {
      ...each,
      metadata: { ...each.metadata, annotations: { filler: 'x'.repeat(100_000) } },
    });
    // Such as a quick reader can take, in small lots.
    if (at % 20 === 0) await soon(() => expect(quick.told.length).toBe(at + 2));
  }
  await soon(() => expect(quick.told.length).toBe(401));
  slow.begin();
  await soon(() => expect(slow.ended).toBe('broken'));
  expect(quick.ended).toBe('');
});

it('forgets a watch whose client has gone', async () => {
  const open = new Set<object>();
  const watchStore = on.store.watch.bind(on.store);
  on.store.watch = ((...args: Parameters<typeof watchStore>) => {
    const watch = watchStore(...args);
    open.add(watch);
    return {
      close() {
        open.delete(watch);
        watch.close();
      },
    };
  }) as typeof on.store.watch;
  const watches = Array.from({ length: 20 }, () => on.follow(`${pods}?watch=1`));
  await soon(() => expect(open.size).toBe(20));
  for (const watch of watches) watch.stop();
  await soon(() => expect(open.size).toBe(0));
});

it('begins with nothing but what comes where the client wants it so', async () => {
  on.store.create('pods', pod('a'));
  const watch = on.follow(`${pods}?watch&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`);
  await soon(() => expect(watch.isOpen).toBe(true));
  on.store.create('pods', pod('b'));
  await soon(() => expect(names(watch.told)).toEqual(['ADDED b']));
});

it('says that it must list again to a client that has seen the future', async () => {
  const { status, headers, text } = await on.call('GET', `${pods}?watch=1&resourceVersion=999999999999999`);
  expect([status, headers['retry-after']]).toEqual([504, '1']);
  expect(JSON.parse(text)).toMatchObject({
    reason: 'Timeout',
    details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
  });
});

it('takes its time over a long beginning, with what changes meanwhile behind it', async () => {
  const filler = { annotations: { filler: 'x'.repeat(100_000) } };
  for (let at = 0; at < 300; at += 1) {
    const each = pod(`p-${at}`);
    on.store.create('pods', { ...each, metadata: { ...each.metadata, ...filler } });
  }
  const query = 'watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan';
  const slow = on.follow(`${pods}?${query}&slowly`);
  await soon(() => expect(slow.isOpen).toBe(true));
  on.store.remove('pods', { namespace: 'default', name: 'p-0' });
  slow.begin();
  await soon(() => expect(slow.told.length).toBe(302));
  expect(slow.told.slice(-2).map(({ type }) => type)).toEqual(['BOOKMARK', 'DELETED']);
});

it('tells metadata alone to whoever wants no more', async () => {
  on.store.create('pods', pod('a'));
  const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
  const watch = on.follow(`${pods}?watch=1&allowWatchBookmarks=1&timeoutSeconds=1`, { accept });
  await soon(() => expect(watch.ended).toBe('cleanly'));
  expect(watch.told.map(({ type, object }) => [type, object.kind, 'spec' in object])).toEqual([
    ['ADDED', 'PartialObjectMetadata', false],
    ['BOOKMARK', 'PartialObjectMetadata', false],
  ]);
});

it('serves a thousand watches at a time, and says so to the next', async () => {
  const open = () => on.call('GET', '/metrics');
  const watches = Array.from({ length: 1000 }, () => on.follow(`${pods}?watch=1`));
  await slowly(() => expect(watches.filter(({ isOpen }) => isOpen).length).toBe(1000));
  const refused = await on.call('GET', `${pods}?watch=1`);
  expect(refused.json()).toMatchObject({
    code: 429,
    reason: 'TooManyRequests',
    details: { retryAfterSeconds: 5 },
  });
  on.store.create('pods', pod('a'));
  await slowly(() => expect(watches.filter(({ told }) => told.length === 1).length).toBe(1000));
  for (const watch of watches) watch.stop();
  await vi.waitFor(async () => expect((await open()).text).toContain('minithena_api_watchers 0\n'), 20_000);
}, 60_000);
