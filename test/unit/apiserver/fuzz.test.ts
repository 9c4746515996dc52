import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { groupVersionOf, type KindFacts, kinds, pathOf, servedKinds } from '../../../src/api/kinds.js';
import type { ObjectMeta } from '../../../src/api/types/object-meta.js';
import { pod, serve } from './serve.js';

const numRuns = Number(process.env.FUZZ_RUNS ?? 600);
const timeLimitMs = Math.max(120_000, numRuns * 300);
let on: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  on = await serve();
  on.store.create('pods', pod('a'));
});
afterAll(() => on.close());

const template = {
  spec: { containers: [{ name: 'main', image: 'busybox', env: [{ name: 'A', value: '1' }] }] },
};
const goodParts: Record<string, object> = {
  Pod: template,
  ModelServing: {
    spec: {
      replicas: 1,
      template: { roles: [{ name: 'r', replicas: 1, workerReplicas: 0, entryTemplate: template }] },
    },
  },
  ConfigMap: { data: { a: '1' }, binaryData: { b: 'AAAA' } },
  Secret: { type: 'Opaque', data: { a: 'AAAA' }, stringData: { b: 'b' } },
  PersistentVolumeClaim: {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  Service: { spec: { type: 'ClusterIP', selector: { a: 'b' }, ports: [{ port: 80, protocol: 'TCP' }] } },
  Event: {
    involvedObject: { kind: 'Pod', name: 'a', namespace: 'default' },
    reason: 'Seen',
    message: 'it was seen',
    type: 'Normal',
    source: { component: 'test' },
    firstTimestamp: '2024-01-01T00:00:00Z',
    lastTimestamp: '2024-01-01T00:00:00Z',
    eventTime: '2024-01-01T00:00:00.000000Z',
    series: { count: 2, lastObservedTime: '2024-01-01T00:00:00.000000Z' },
    count: 2,
  },
  Namespace: { spec: { finalizers: ['kubernetes'] } },
};
const goodObject = ({ kind, ...facts }: KindFacts, name: string): object => ({
  apiVersion: groupVersionOf(facts),
  kind,
  metadata: {
    name,
    labels: { app: 'a' },
    annotations: { note: 'n' },
    finalizers: [],
    ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'u', controller: true }],
  },
  ...(goodParts[kind] ?? { spec: { a: 1 } }),
  status: { phase: 'x', conditions: [{ type: 'x.test/gate', status: 'True', reason: 'x', message: 'x' }] },
});

/** Keys that mean something to JavaScript, to files, or to a patch. */
const oddKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'length',
  '$patch',
  '$retainKeys',
  '$setElementOrder/ports',
  '$deleteFromPrimitiveList/finalizers',
  '../../etc',
  '',
  '0',
  '-',
);
const key = fc.oneof(
  oddKey,
  fc.constantFrom('metadata', 'spec', 'status', 'data', 'name', 'labels', 'polluted'),
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    '',
    'x',
    '1Gi',
    'replace',
    'delete',
    'merge',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));

type Damage = { at: readonly number[]; to: unknown; key: string | undefined };
const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }),
  to: fc.oneof(value, fc.constant(undefined)),
  key: fc.option(key, { nil: undefined }),
});

/** A copy with something put in the place of one of its parts, or beside it; undefined takes it away. */
function damaged(whole: unknown, { at, to, key: name }: Damage): unknown {
  const [step, ...rest] = at;
  if (typeof whole !== 'object' || whole === null || step === undefined) return to;
  const names = Object.keys(whole);
  const chosen = names[step % Math.max(names.length, 1)] ?? 'x';
  const isLast = rest.length === 0;
  const entries = Object.entries(whole).map(([each, part]): [string, unknown] => [
    each,
    each === chosen && !(isLast && name !== undefined) ? damaged(part, { at: rest, to, key: name }) : part,
  ]);
  if (Array.isArray(whole)) return entries.map(([, part]) => part);
  if (isLast && name !== undefined) entries.push([name, to]);
  return Object.fromEntries(entries);
}

const pointer = fc.oneof(
  fc.constantFrom(
    '',
    '/',
    '/metadata',
    '/metadata/labels/app',
    '/metadata/labels/-',
    '/metadata/finalizers/-',
  ),
  fc.constantFrom(
    '/spec',
    '/spec/ports/0',
    '/spec/containers/0/env/-',
    '/data/a',
    '/data',
    'x',
    '/~2',
    '/a~1b',
  ),
  fc.constantFrom('/__proto__/polluted', '/constructor/prototype/polluted', '/metadata/__proto__/polluted'),
  fc.array(key, { maxLength: 3 }).map((keys) => keys.map((each) => `/${each}`).join('')),
);
const operation = fc.record(
  {
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'spoil', ''),
    path: pointer,
    from: pointer,
    value,
  },
  { requiredKeys: [] },
);

const types = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};
const oddType = fc.constantFrom(
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'text/plain',
  ';',
);
const oddText = fc.constantFrom(
  '',
  'null',
  '[]',
  '3',
  '"x"',
  '{"a',
  '{}{}',
  '\u0000',
  '*a',
  'a: &a [*a]',
  'a: *b',
  '<<: 3',
  '? {a: b}\n: c',
  '!!js/function "x"',
  '%YAML 9\n---\na',
  '--- 1\n--- 2',
  `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(20)}]\nc: &c [${'*b,'.repeat(20)}]\nd: [${'*c,'.repeat(20)}]`,
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"metadata":{"name":"a"},"spec":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
  JSON.stringify({
    metadata: { name: 'a' },
    ...Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`a-field-that-nobody-knows-${at}`, 1])),
  }),
);
/** Mostly what fits the method, so that much of it is taken. */
function body(method: string, type: string, facts: KindFacts, name: string): fc.Arbitrary<unknown> {
  const good = goodObject(facts, name);
  const object = fc
    .oneof(
      { weight: 3, arbitrary: fc.array(damage, { maxLength: 1 }) },
      fc.array(damage, { minLength: 2, maxLength: 4 }),
    )
    .map((all) => all.reduce<unknown>(damaged, good));
  const some = fc
    .tuple(object, fc.subarray(['metadata', 'spec', 'data', 'status', 'involvedObject', 'type']))
    .map(([whole, fields]) =>
      Object.fromEntries(
        Object.entries(Object(whole) as object).filter(([field]) =>
          ['apiVersion', 'kind', ...fields].includes(field),
        ),
      ),
    );
  const operations = fc.array(operation, { minLength: 1, maxLength: 3 });
  const fitting = method !== 'PATCH' ? object : type === types.json ? operations : some;
  return fc.oneof({ weight: 12, arbitrary: fitting }, value, fc.array(value, { maxLength: 3 }));
}

const query = fc.dictionary(
  fc.constantFrom(
    'dryRun',
    'fieldValidation',
    'fieldManager',
    'force',
    'propagationPolicy',
    'gracePeriodSeconds',
    'orphanDependents',
    'labelSelector',
    'fieldSelector',
    'limit',
    'continue',
    'resourceVersion',
    'container',
    'tailLines',
    'limitBytes',
    'sinceSeconds',
    'sinceTime',
    'pretty',
  ),
  fc.oneof(
    fc.constantFrom('', 'All', 'Strict', 'Warn', 'Ignore', 'Background', 'Foreground', 'Orphan', 'me'),
    fc.constantFrom(
      '0',
      '1',
      '-1',
      '1e308',
      'NaN',
      '99999999999999999999',
      'true',
      'main',
      'a=b',
      'metadata.name=b',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  ),
  { maxKeys: 3 },
);

const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
const odd = <T>(usual: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>, weight = 12): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: usual }, seldom);

const step = fc
  .record({
    facts: odd(
      fc.constantFrom(...kinds.filter(({ kind }) => goodParts[kind])),
      fc.constantFrom(...servedKinds),
      4,
    ),
    namespace: odd(fc.constant('default'), fc.constantFrom('none', '%zz', '%2e%2e', '__proto__')),
    name: odd(
      fc.constantFrom('a', 'b', 'sample'),
      fc.constantFrom('default', 'A_b', '%00', '..%2fa', '__proto__', 'x'.repeat(300)),
    ),
    method: odd(
      fc.constantFrom('POST', 'PUT', 'PATCH', 'PATCH', 'PATCH', 'DELETE'),
      fc.constantFrom('GET', 'HEAD', 'TRACE', 'OPTIONS'),
    ),
    type: fc.constantFrom(...Object.values(types)),
    otherType: odd(fc.constant(''), oddType, 20),
    misses: odd(fc.constant(false), fc.constant(true)),
    part: odd(
      fc.constant(''),
      fc.constantFrom('/status', '/scale', '/log', '/exec', '/attach', '/eviction', '/finalize', '/none'),
      5,
    ),
    query: odd(fc.constant({ fieldManager: 'me' }), query, 2),
    accept: odd(fc.constant('application/json'), fc.constantFrom('*/*', 'text/html', table.accept)),
  })
  .chain(({ facts, namespace, name, misses, part, otherType, type, ...rest }) => {
    const all = pathOf(facts, namespace);
    const isOfAll = (rest.method === 'POST') !== misses;
    const contentType = otherType || (rest.method === 'PATCH' ? type : 'application/json');
    return fc.record({
      facts: fc.constant(facts),
      path: fc.constant(isOfAll ? all : `${all}/${name}${part}`),
      type: fc.constant(contentType),
      asked: fc.constant<Record<string, string>>(rest.query),
      method: fc.constant(rest.method),
      accept: fc.constant(rest.accept),
      text: odd(
        body(rest.method, contentType, facts, name).map((each) => JSON.stringify(each) ?? ''),
        oddText,
      ),
    });
  });

/** Whether it is a Status as Kubernetes' clients read it. */
function expectStatus(status: number, told: unknown): void {
  // A version of the future is a Timeout, as in Kubernetes.
  const isFuture = (told as { reason?: string }).reason === 'Timeout' && status === 504;
  if (!isFuture) expect(status, JSON.stringify(told)).toBeLessThan(500);
  expect(told).toMatchObject({ kind: 'Status', status: 'Failure', code: status });
  expect(told).toMatchObject({
    message: expect.stringMatching(/./),
    reason: expect.stringMatching(/^[A-Z]\w+$/),
  });
  if (status === 422) expect(told).toMatchObject({ details: { causes: expect.any(Array) } });
}

it('answers whatever is written with an answer or a Status, keeps nothing of what it refused, and can show all that it took', {
  timeout: timeLimitMs,
}, async () => {
  await fc.assert(
    fc.asyncProperty(step, async ({ facts, path, method, type, asked, text, accept }) => {
      const before = on.store.version();
      const send = (query: Record<string, string>) =>
        on.call(method, `${path}?${new URLSearchParams(query).toString()}`, {
          text,
          headers: { 'content-type': type, accept },
        });
      const tried = await send({ ...asked, dryRun: 'All' });
      expect(on.store.version()).toBe(before);
      const answer = await send(asked);
      // A dry run says what would be; what it would be called, only a real one can know.
      if (asked.dryRun === undefined)
        expect([tried.status, tried.text]).toEqual([answer.status, expect.anything()]);
      const isLog = path.endsWith('/log') && answer.status === 200;
      if (method === 'HEAD' || isLog) return;
      const told = answer.json() as unknown as { kind: string };
      if (answer.status >= 400) expectStatus(answer.status, told);
      else expect(told.kind).toMatch(/^[A-Z]\w+$/);
      if (answer.status >= 400 || method === 'GET' || asked.dryRun === 'All') {
        expect(on.store.version()).toBe(before);
        return;
      }
      // What was taken can be shown, alone and among the others, to programs and to people.
      const all = await on.call('GET', pathOf(facts));
      expect(all.status, all.text).toBe(200);
      const shown = await on.call('GET', pathOf(facts), { headers: table });
      expect(shown.status, shown.text).toBe(200);
      if (method === 'DELETE' || told.kind !== facts.kind) return;
      const { metadata } = told as unknown as { metadata: ObjectMeta };
      const one = pathOf(facts, metadata.namespace, metadata.name);
      const stored = await on.call('GET', one);
      if (stored.status === 404) {
        // The last finalizer of what was deleted went with this write, and it with that.
        expect(metadata.deletionTimestamp).toBeDefined();
        expect(metadata).not.toHaveProperty('finalizers');
        return;
      }
      expect(stored.json()).toEqual(told);
      const same = await on.call('PUT', one, { text: stored.text });
      if (same.status === 200) expect(same.json()).toEqual(told);
      else
        expect([same.status, same.text]).toEqual([403, expect.stringMatching(/made by minithena|read-only/)]);
    }),
    { numRuns },
  );
  expect((Object.prototype as { polluted?: unknown }).polluted).toBeUndefined();
  for (const facts of kinds) expect((await on.call('GET', pathOf(facts))).status).toBe(200);
});

it.each([
  '//',
  '//x:y',
  '//evil.example/api/v1/pods',
  '/api/v1//pods',
  '/%',
  '/..',
  '*',
  'https://a/api/v1/pods',
])('answers a request for %s', async (path) => {
  const answer = await on.call('GET', path);
  expect(answer.status, answer.text).toBeLessThan(500);
});
