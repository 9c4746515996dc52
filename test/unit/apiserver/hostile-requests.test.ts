import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseManifests } from '../../../src/api/parse-manifests.js';
import { warningHeader } from '../../../src/apiserver/warning-header.js';
import { serve } from './serve.js';

const core = '/api/v1/namespaces/default';
const configMap = (more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a' },
  ...more,
});
const json = { 'content-type': 'application/json-patch+json' };
const apply = { 'content-type': 'application/apply-patch+yaml' };

describe('a request that means no good', () => {
  let on: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => {
    on = await serve();
    await on.call('POST', `${core}/configmaps`, { body: configMap({ data: { a: 'x' } }) });
  });
  afterEach(() => on.close());

  it.each([
    ['aliases without end', `a: &a [x,x,x]\nb: &b [${'*a,'.repeat(99)}]\nc: [${'*b,'.repeat(99)}]`],
    ['an alias of nothing', 'a: *b'],
    ['itself', 'a: &a [*a]'],
  ])('is told that its YAML holds %s', async (_what, text) => {
    const path = `${core}/configmaps/a?fieldManager=me`;
    const answer = await on.call('PATCH', path, { text, headers: apply });
    expect(answer.json()).toMatchObject({ code: 400, reason: 'BadRequest' });
  });

  it('is told that it is nested too deeply, in whatever form', async () => {
    const deep = (open: string, close: string) => `${open.repeat(20_000)}1${close.repeat(20_000)}`;
    for (const [method, path, text] of [
      ['POST', 'configmaps', deep('[', ']')],
      ['PUT', 'configmaps/a', deep('{"a":', '}')],
      ['DELETE', 'configmaps/a', deep('{"a":', '}')],
    ] as const) {
      const answer = await on.call(method, `${core}/${path}`, { text });
      expect(answer.json()).toMatchObject({ code: 400, message: expect.stringMatching(/nested/) });
    }
    const put = (at: string) => ({
      op: 'add',
      path: `${at}/a`,
      value: JSON.parse(`${'{"a":'.repeat(250)}{}${'}'.repeat(250)}`),
    });
    const body = [put(''), put('/a'.repeat(251))];
    const patched = await on.call('PATCH', `${core}/configmaps/a`, { body, headers: json });
    expect(patched.json()).toMatchObject({ code: 400, message: expect.stringMatching(/nested/) });
  });

  it('is told that it is too long', async () => {
    const text = JSON.stringify(configMap({ data: { a: 'x'.repeat(8 * 1024 * 1024) } }));
    const answer = await on.call('POST', `${core}/configmaps`, { text });
    expect(answer.json()).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
  });

  it('does not fill the memory with copies of copies', async () => {
    const body = [
      { op: 'add', path: '/a', value: ['x'.repeat(1000)] },
      ...Array.from({ length: 40 }, () => ({ op: 'copy', from: '/a', path: '/a/-' })),
    ];
    const answer = await on.call('PATCH', `${core}/configmaps/a`, { body, headers: json });
    expect(answer.json()).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
  });

  it.each(['copy', 'move', 'test', 'add', 'none'])(
    'is refused an operation "%s" of which half is missing',
    async (op) => {
      const body = [{ op, path: '' }];
      const answer = await on.call('PATCH', `${core}/configmaps/a`, { body, headers: json });
      expect(answer.json()).toMatchObject({ kind: 'Status', code: expect.any(Number) });
      expect([400, 422]).toContain(answer.status);
    },
  );

  it('is told which operation of a JSON patch does not fit, where kubectl shows it', async () => {
    const body = [
      { op: 'test', path: '/data/a', value: 'x' },
      { op: 'remove', path: '/data/none/b' },
    ];
    const answer = await on.call('PATCH', `${core}/configmaps/a`, { body, headers: json });
    const message = 'remove /data/none/b: Value required at path: /data/none/b';
    expect(answer.json()).toMatchObject({ code: 422, details: { causes: [{ field: 'patch[1]', message }] } });
  });

  it.each(['/constructor/prototype/x', '/metadata/__proto__/x'])('sets nothing at %s', async (path) => {
    const body = [{ op: 'add', path, value: 1 }];
    const answer = await on.call('PATCH', `${core}/configmaps/a`, { body, headers: json });
    expect([answer.status, ({} as { x?: 1 }).x]).toEqual([400, undefined]);
  });

  it('knows a field by its own name alone, and warns of many in headers that clients take', async () => {
    const text = '{"metadata":{"name":"b"},"data":{"constructor":"x"},"__proto__":{"x":1},"toString":1}';
    const answer = await on.call('POST', `${core}/configmaps`, { text });
    expect(answer.headers.warning).toBe(
      '299 - "unknown field \\"__proto__\\"", 299 - "unknown field \\"toString\\""',
    );
    expect(answer.json()).toMatchObject({ data: { constructor: 'x' } });
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`nobody-knows-${at}`, 1]));
    const told = await on.call('PUT', `${core}/configmaps/a`, { body: configMap(many) });
    expect([told.status, (told.headers.warning?.length ?? 0) > 3000]).toEqual([200, true]);
    expect(warningHeader(['x'.repeat(9000), 'y'])).toEqual([`299 - "${'x'.repeat(256)}"`, '299 - "y"']);
  });

  it('keeps no Service or Event that no table could show', async () => {
    for (const [resource, kind, code, more] of [
      ['services', 'Service', 400, { spec: { ports: 'x' } }],
      ['services', 'Service', 400, { spec: { ports: [null] } }],
      ['services', 'Service', 422, {}],
      ['events', 'Event', 400, { involvedObject: { kind: 'Pod', name: 'a' }, source: 3 }],
      ['events', 'Event', 422, { involvedObject: { kind: 'Pod', name: 'a' }, lastTimestamp: 'soon' }],
    ] as const) {
      const body = { apiVersion: 'v1', kind, metadata: { name: 'x' }, ...more };
      expect((await on.call('POST', `${core}/${resource}`, { body })).status).toBe(code);
      const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
      expect((await on.call('GET', `${core}/${resource}`, { headers })).json().rows).toEqual([]);
    }
  });

  it('deletes nothing by mistake: not all namespaces, not for a dry run by another word, not after more than all time', async () => {
    expect((await on.call('DELETE', '/api/v1/namespaces')).status).toBe(405);
    const endless = await on.call('DELETE', `${core}/configmaps/a?gracePeriodSeconds=1e308`);
    expect(endless.status).toBe(400);
    for (const body of [{ preconditions: { uid: { toString: 1 } } }, ['All'], 'All'])
      expect((await on.call('DELETE', `${core}/configmaps/a`, { body })).status).toBe(400);
    for (const [query, body] of [
      ['?dryRun=Some', {}],
      ['?dryRun=all', {}],
      ['', { dryRun: ['some'] }],
    ] as const)
      expect((await on.call('DELETE', `${core}/configmaps/a${query}`, { body })).json()).toMatchObject({
        code: 422,
        details: { kind: 'DeleteOptions', causes: [{ field: 'dryRun', reason: 'FieldValueNotSupported' }] },
      });
    const held = { metadata: { finalizers: ['not qualified!'] } };
    const merge = { 'content-type': 'application/merge-patch+json' };
    const named = await on.call('PATCH', `${core}/configmaps/a`, { body: held, headers: merge });
    expect(named.json()).toMatchObject({
      code: 422,
      details: { causes: [{ field: 'metadata.finalizers' }] },
    });
    expect((await on.call('GET', `${core}/configmaps/a`)).status).toBe(200);
  });
});

it.each(['', 'null', '3', '[]', '""'])('tells what is wrong with a file whose only role is `%s`', (role) => {
  const text = `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: a }
spec:
  template:
    roles:
      - ${role}
`;
  const { modelServings, diagnostics } = parseManifests('a.yaml', text);
  expect(modelServings).toEqual([]);
  expect(diagnostics).toContainEqual(expect.objectContaining({ fieldPath: 'spec.template.roles[0]' }));
});
