import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pod, serve } from './serve.js';

let on: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  on = await serve();
  for (const name of ['a', 'b', 'c']) on.store.create('pods', pod(name));
});
afterAll(() => on.close());

const text = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1',
    '-1',
    '5',
    'true',
    'false',
    'Exact',
    'NotOlderThan',
    '999999999999999',
    'NaN',
  ),
  fc.constantFrom('a=b', 'a in (b', '!app', 'metadata.name=a', 'spec.x=1', 'app>1', 'e30', 'bnVsbA', 'IjEi'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const names = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'allowWatchBookmarks',
  'includeObject',
  'pretty',
];
const path = fc.constantFrom(
  '/api/v1/pods',
  '/api/v1/namespaces/default/pods',
  '/api/v1/namespaces/default/pods/a',
  '/api/v1/nodes',
  '/apis/events.k8s.io/v1/events',
  '/apis/minithena.dev/v1alpha1/servinggroups',
);
const accept = fc.constantFrom(
  'application/json',
  '*/*',
  '',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/vnd.kubernetes.protobuf',
  ';,=;as=Table',
);
const query = fc.dictionary(fc.constantFrom(...names), text, { maxKeys: 4 });

it('answers whatever is asked of lists and watches with an answer or a Status, and stays itself', async () => {
  await fc.assert(
    fc.asyncProperty(path, query, accept, fc.boolean(), async (at, asked, form, isWatch) => {
      const parameters = new URLSearchParams({ ...asked, ...(isWatch && { watch: '1' }) });
      // A watch that is fine would stay open.
      if (isWatch) parameters.set('timeoutSeconds', 'soon');
      const answer = await on.call('GET', `${at}?${parameters.toString()}`, { headers: { accept: form } });
      const told = answer.json();
      if (answer.status === 200) {
        expect(told.kind).toMatch(/^(Pod|Node|Event|ServingGroup|PartialObjectMetadata)(List)?$|^Table$/);
        return;
      }
      expect([400, 404, 406, 410, 422, 504]).toContain(answer.status);
      expect(told).toMatchObject({ kind: 'Status', code: answer.status, reason: expect.any(String) });
      expect(told.message).not.toBe('');
    }),
    { numRuns: 400 },
  );
  expect((await on.call('GET', '/api/v1/pods')).json().items).toHaveLength(3);
}, 60_000);

const segment = fc.oneof(
  fc.constantFrom(
    'api',
    'apis',
    'v1',
    'namespaces',
    'default',
    'pods',
    'a',
    'log',
    'status',
    'watch',
    'openapi',
    'v3',
  ),
  fc.constantFrom(
    '',
    '.',
    '..',
    '%zz',
    '%00',
    '%2F',
    ':name',
    '*',
    '__proto__',
    'minithena',
    'workload.serving.volcano.sh',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map(encodeURIComponent),
);
const anyPath = fc.array(segment, { maxLength: 9 }).map((all) => `/${all.join('/')}`);
const verb = fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'PUT', 'PATCH', 'DELETE');

it('answers whatever path and verb, and never with a fault of its own', async () => {
  await fc.assert(
    fc.asyncProperty(anyPath, verb, async (at, method) => {
      const { status, text: told } = await on.call(method, at, {
        headers: { 'content-type': 'text/strange' },
      });
      expect(status, `${method} ${at}: ${told}`).toBeLessThan(500);
      if (status >= 400 && method !== 'HEAD') expect(JSON.parse(told)).toMatchObject({ kind: 'Status' });
    }),
    { numRuns: 600 },
  );
  const headers = { connection: 'Upgrade', upgrade: 'websocket' };
  for (const at of ['/%zz', '//', '/api/v1/namespaces/default/pods/%zz/exec'])
    expect([400, 404]).toContain((await on.call('GET', at, { headers })).status);
  expect((await on.call('GET', '/api/v1/nodes')).status).toBe(200);
}, 60_000);
