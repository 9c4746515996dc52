import { connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Line, pod, serve } from './serve.js';

const pods = '/api/v1/namespaces/default/pods';
const soon = (check: () => void) => vi.waitFor(check, 20_000);

/** Requests as Go's clients send them: all over one connection. */
function oneConnection({ server, ca }: Awaited<ReturnType<typeof serve>>) {
  const session = connect(server.url, { ca, checkServerIdentity: () => undefined });
  session.on('error', () => {});
  // As wide as Go's: what one watch does not read holds up no other.
  session.on('connect', () => session.setLocalWindowSize(2 ** 24));
  const open = (path: string, headers: OutgoingHttpHeaders = {}, body = '') => {
    const stream = session.request({
      ':path': path,
      ':method': body === '' ? 'GET' : 'POST',
      authorization: 'Bearer secret',
      ...headers,
    });
    stream.on('error', () => {});
    if (body !== '') stream.end(body);
    return stream;
  };
  return {
    session,
    call: (path: string, headers?: OutgoingHttpHeaders, body?: string) =>
      new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
        let text = '';
        let told: IncomingHttpHeaders = {};
        const stream = open(path, headers, body);
        stream.on('response', (response) => {
          told = response;
        });
        stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        stream
          .on('error', reject)
          .on('close', () => resolve({ status: Number(told[':status']), headers: told, text }));
      }),
    follow(path: string, isSlow = false) {
      const watch = { told: [] as Line[], ended: '', begin: () => {}, stop: () => stream.close() };
      const stream = open(path);
      let rest = '';
      watch.begin = () =>
        void stream.setEncoding('utf8').on('data', (piece: string) => {
          const lines = (rest + piece).split('\n');
          rest = lines.pop() ?? '';
          watch.told.push(...lines.map((line) => JSON.parse(line) as Line));
        });
      stream.on('close', () => {
        watch.ended = stream.rstCode === 0 ? 'cleanly' : 'broken';
      });
      if (!isSlow) watch.begin();
      return watch;
    },
  };
}

let on: Awaited<ReturnType<typeof serve>>;
let client: ReturnType<typeof oneConnection>;
beforeEach(async () => {
  on = await serve();
  client = oneConnection(on);
});
afterEach(async () => {
  client.session.destroy();
  await on.close();
});

it('answers requests side by side over one connection', async () => {
  on.store.create('pods', pod('a'));
  const [one, list, health, metrics, none] = await Promise.all(
    [`${pods}/a`, pods, '/readyz', '/metrics', `${pods}/b`].map((path) => client.call(path)),
  );
  expect(JSON.parse(one!.text)).toMatchObject({ kind: 'Pod', metadata: { name: 'a' } });
  expect(JSON.parse(list!.text).items.length).toBe(1);
  expect([health!.status, health!.text]).toEqual([200, 'ok']);
  expect(metrics!.text).toMatch(/minithena_/);
  expect(JSON.parse(none!.text)).toMatchObject({ code: 404, reason: 'NotFound' });
});

it('takes bodies, and refuses one that is too long, the connection still good', async () => {
  const post = (data: string) =>
    client.call(
      '/api/v1/namespaces/default/configmaps',
      { 'content-type': 'application/json' },
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { generateName: 'c-' },
        data: { data },
      }),
    );
  expect((await post('x')).status).toBe(201);
  const refused = await post('x'.repeat(4 * 1024 * 1024));
  expect(JSON.parse(refused.text)).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
  const path = '/api/v1/namespaces/default/configmaps';
  expect((await client.call(path, { authorization: '' }, 'x'.repeat(4 * 1024 * 1024))).status).toBe(401);
  expect((await post('x')).status).toBe(201);
});

it('asks for the token, and answers to its own names only', async () => {
  expect((await client.call(pods, { authorization: '' })).status).toBe(401);
  expect((await client.call(pods, { ':authority': 'evil.example' })).status).toBe(403);
  expect((await client.call(pods, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await client.call(pods)).status).toBe(200);
});

it('carries hundreds of watches, and forgets those that are ended', async () => {
  const watches = Array.from({ length: 200 }, () => client.follow(`${pods}?watch=1`));
  on.store.create('pods', pod('a'));
  await soon(() => expect(watches.every(({ told }) => told.length === 1)).toBe(true));
  const open = async () => /^minithena_.*watch.* (\d+)$/m.exec((await client.call('/metrics')).text)?.[1];
  expect(await open()).toBe('200');
  for (const watch of watches.slice(1)) watch.stop();
  await vi.waitFor(async () => expect(await open()).toBe('1'), 20_000);
  on.store.create('pods', pod('b'));
  await soon(() => expect(watches[0]!.told.length).toBe(2));
});

it('cuts off a watch that is not read, and no other of its connection', async () => {
  const slow = client.follow(`${pods}?watch=1`, true);
  const quick = client.follow(`${pods}?watch=1`);
  on.store.create('pods', pod('first'));
  await soon(() => expect(quick.told.length).toBe(1));
  for (let at = 0; at < 400; at += 1) {
    const each = pod(`p${at}`);
    on.store.create('pods', {
      ...each,
      metadata: { ...each.metadata, annotations: { filler: 'x'.repeat(100_000) } },
    });
    if (at % 20 === 0) await soon(() => expect(quick.told.length).toBe(at + 2));
  }
  await soon(() => expect(quick.told.length).toBe(401));
  slow.begin();
  await soon(() => expect(slow.ended).toBe('broken'));
  expect(quick.ended).toBe('');
});

it('ends a watch whose time is up', async () => {
  const watch = client.follow(`${pods}?watch=1&timeoutSeconds=1`);
  await soon(() => expect(watch.ended).toBe('cleanly'));
});
