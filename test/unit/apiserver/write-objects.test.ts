import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigMap } from '../../../src/api/types/resources.js';
import { systemClock } from '../../../src/lib/clock.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';
import { keepObjects } from '../../../src/store/kept-objects.js';
import { openObjectFiles } from '../../../src/store/object-files.js';
import { openWatchedMarks } from '../../../src/store/watched-marks.js';
import { serve } from './serve.js';

const base = '/api/v1/namespaces/default';
const servings = '/apis/workload.serving.volcano.sh/v1alpha1/namespaces/default/modelservings';
const merge = { 'content-type': 'application/merge-patch+json' };
const configMap = (name: string, data: object = { a: '1' }) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});
const template = { spec: { containers: [{ name: 'main', image: 'busybox' }] } };
const serving = (name: string, replicas = 1) => ({
  apiVersion: 'workload.serving.volcano.sh/v1alpha1',
  kind: 'ModelServing',
  metadata: { name, labels: { team: 'a' } },
  spec: {
    replicas,
    template: { roles: [{ name: 'prefill', workerReplicas: 0, entryTemplate: template }] },
  },
});

interface Told {
  kind: string;
  reason: string;
  message: string;
  metadata: Record<string, string> & { annotations: Record<string, string>; finalizers?: string[] };
  spec: Record<string, unknown>;
  data?: Record<string, string>;
  status?: unknown;
  details: { causes: { field: string; reason: string }[]; uid: string };
}

describe('objects made through the API', () => {
  let on: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => {
    on = await serve();
  });
  afterEach(() => on.close());
  const ask = async (method: string, path: string, body?: unknown, headers?: object) => {
    const answer = await on.call(method, path, { body, ...(headers && { headers }) });
    return { status: answer.status, headers: answer.headers, told: answer.json() as unknown as Told };
  };
  const filesOf = (resource: string) => readdirSync(join(on.directory, 'objects', resource));
  /** The store as the daemon's next start would have it. */
  const restarted = () => {
    const store = createObjectStore({ clock: systemClock });
    const files = openObjectFiles(on.directory);
    keepObjects({
      store,
      files,
      marks: openWatchedMarks(on.directory),
      clock: systemClock,
      onProblem: () => {},
    }).close();
    return store;
  };

  it('are on disk before they are answered, and are the same after a restart', async () => {
    const made = await ask('POST', `${base}/configmaps`, configMap('one'));
    expect([made.status, made.told.data]).toEqual([201, { a: '1' }]);
    expect(made.told.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(filesOf('configmaps')).toEqual(['default_one.json']);
    const again = restarted().get('configmaps', 'default', 'one') as ConfigMap;
    expect(again).toMatchObject({ data: { a: '1' }, metadata: { uid: made.told.metadata.uid } });
    expect((await ask('POST', `${base}/configmaps`, configMap('one'))).told.reason).toBe('AlreadyExists');

    const changed = await ask('PATCH', `${base}/configmaps/one`, { data: { b: '2' } }, merge);
    expect(changed.told.data).toEqual({ a: '1', b: '2' });
    expect(restarted().get('configmaps', 'default', 'one')?.data).toEqual({ a: '1', b: '2' });
    const same = await ask('PUT', `${base}/configmaps/one`, changed.told);
    expect(same.told.metadata.resourceVersion).toBe(changed.told.metadata.resourceVersion);

    const gone = await ask('DELETE', `${base}/configmaps/one`);
    expect(gone.told).toMatchObject({ kind: 'Status', details: { uid: made.told.metadata.uid } });
    expect(filesOf('configmaps')).toEqual([]);
    expect((await ask('GET', `${base}/configmaps/one`)).status).toBe(404);
  });

  it('take a name that is made up, and refuse what does not fit the request', async () => {
    const named = await ask('POST', `${base}/configmaps`, { metadata: { generateName: 'run-' } });
    expect(named.told.metadata.name).toMatch(/^run-[a-z0-9]{5}$/);
    const wrong = [
      [configMap('Bad_Name'), 422],
      [{ ...configMap('x'), kind: 'Secret' }, 400],
      [{ ...configMap('x'), metadata: { name: 'x', namespace: 'other' } }, 400],
      [{ ...configMap('x'), metadata: { name: 'x', resourceVersion: '7' } }, 400],
      [{ ...configMap('x'), metadata: {} }, 422],
      [[], 400],
    ] as const;
    for (const [body, status] of wrong)
      expect((await ask('POST', `${base}/configmaps`, body)).status).toBe(status);
    const elsewhere = await ask('POST', '/api/v1/namespaces/none/configmaps', configMap('x'));
    expect([elsewhere.status, elsewhere.told.message]).toEqual([
      404,
      expect.stringContaining('namespaces "none" not found'),
    ]);
    const { name = '' } = named.told.metadata;
    const stale = { ...configMap(name), metadata: { name, resourceVersion: '1' } };
    const at = `${base}/configmaps/${name}`;
    expect((await ask('PUT', at, stale)).told.reason).toBe('Conflict');
    const typed = await ask('POST', `${base}/secrets`, {
      metadata: { name: 's' },
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': 'x' },
    });
    expect(typed.told.details.causes).toMatchObject([{ field: 'type' }]);
  });

  it('keep a ModelServing with its defaults, its generation and no status of the client', async () => {
    const made = await ask('POST', servings, { ...serving('api'), status: { replicas: 9 } });
    expect(made.told).toMatchObject({
      spec: { recoveryPolicy: 'RoleRecreate' },
      metadata: { generation: 1 },
    });
    expect(made.told.status).toBeUndefined();
    const relabelled = await ask('PATCH', `${servings}/api`, { metadata: { labels: { team: 'b' } } }, merge);
    expect(relabelled.told.metadata.generation).toBe(1);
    const scaled = await ask('PATCH', `${servings}/api/scale`, { spec: { replicas: 3 } }, merge);
    expect(scaled.told.spec.replicas).toBe(3);
    const { told } = await ask('GET', `${servings}/api`);
    expect([told.metadata.generation, told.metadata.labels]).toEqual([2, { team: 'b' }]);
    expect(on.edits).toEqual([]);
    expect(restarted().get('modelservings', 'default', 'api')?.spec.replicas).toBe(3);
    const bad = await ask('PATCH', `${servings}/api`, { spec: { replicas: -1 } }, merge);
    expect([bad.status, bad.told.details.causes[0]?.field]).toEqual([422, 'spec.replicas']);
    const going = await ask('DELETE', `${servings}/api`);
    expect(going.told.metadata.deletionTimestamp).toBeDefined();
    expect(restarted().get('modelservings', 'default', 'api')?.metadata.deletionTimestamp).toBeDefined();
    on.store.remove('modelservings', { namespace: 'default', name: 'api' });
    await expect.poll(() => filesOf('modelservings')).toEqual([]);
  });

  it('take a name that is made up where the given one is empty', async () => {
    const body = { ...configMap(''), metadata: { name: '', generateName: 'made-' } };
    const { status, told } = await ask('POST', `${base}/configmaps`, body);
    expect([status, told.metadata.name, told.metadata.generateName]).toEqual([
      201,
      expect.stringMatching(/^made-[a-z0-9]{5}$/),
      'made-',
    ]);
    const nameless = { ...configMap(''), metadata: { name: '', generateName: '' } };
    expect((await ask('POST', `${base}/configmaps`, nameless)).status).toBe(422);
  });

  it('have the metadata that their kinds have', async () => {
    const { told } = await ask('POST', `${base}/configmaps`, configMap('plain'));
    expect(told.metadata).not.toHaveProperty('generation');
    expect(told.metadata.namespace).toBe('default');
    const { told: of } = await ask('GET', '/api/v1/namespaces/default');
    expect(Object.keys(of.metadata)).not.toEqual(expect.arrayContaining(['generation']));
    expect(of.metadata).not.toHaveProperty('namespace');
    expect(of.spec).toEqual({ finalizers: ['kubernetes'] });
    expect((await ask('POST', servings, serving('counted'))).told.metadata.generation).toBe(1);
    const { told: scale } = await ask('GET', `${servings}/counted/scale`);
    expect(Object.keys(scale.metadata).sort()).toEqual([
      'creationTimestamp',
      'name',
      'namespace',
      'resourceVersion',
      'uid',
    ]);
    const gone = await ask('DELETE', `${base}/configmaps?labelSelector=!none`);
    expect((gone.told as unknown as { items: Told[] }).items[0]?.metadata).not.toHaveProperty('generation');
  });

  it('keep the status that the controllers say, whoever writes it', async () => {
    const { told } = await ask('POST', servings, serving('said'));
    const path = `${servings}/said/status`;
    const written = await ask('PUT', path, { ...told, status: { replicas: 9 } });
    expect([written.status, written.told.metadata.resourceVersion, written.told.status]).toEqual([
      200,
      told.metadata.resourceVersion,
      undefined,
    ]);
    expect(written.headers.warning).toContain('what was sent is not kept');
    expect((await ask('PATCH', path, { status: { replicas: 9 } }, merge)).told.status).toBeUndefined();
    const stale = { metadata: { resourceVersion: '1' }, status: {} };
    expect((await ask('PATCH', path, stale, merge)).status).toBe(409);
    const service = { metadata: { name: 'svc' }, spec: { ports: [{ port: 80 }] } };
    await ask('POST', `${base}/services`, service);
    expect((await ask('GET', `${base}/services/svc/status`)).told.kind).toBe('Service');
  });

  it('take null for what is absent', async () => {
    const sparse = {
      ...configMap('sparse'),
      metadata: { name: 'sparse', labels: null, annotations: { a: null, b: 'c' } },
      data: null,
      immutable: null,
    };
    const { status, told } = await ask('POST', `${base}/configmaps`, sparse);
    expect([status, told.metadata.annotations.a, told.metadata.annotations.b]).toEqual([201, undefined, 'c']);
    expect(told).not.toHaveProperty('data');
    const whole = serving('sparse');
    const spec = { ...whole.spec, replicas: null, schedulerName: null };
    const made = await ask('POST', servings, { ...whole, spec });
    expect([made.status, made.told.spec.replicas]).toEqual([201, 1]);
    const put = { ...made.told, spec: { ...made.told.spec, recoveryPolicy: null } };
    const again = await ask('PUT', `${servings}/sparse`, put);
    expect([again.status, again.told.metadata.resourceVersion]).toEqual([
      200,
      made.told.metadata.resourceVersion,
    ]);
  });

  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/json;charset=utf-8', 201],
    ['application/yaml', 201],
    ['', 201],
  ])('come as %j with %i', async (type, code) => {
    const headers = type === '' ? {} : { 'content-type': type };
    const answer = await on.call('POST', `${base}/configmaps`, { body: configMap('typed'), headers });
    expect(answer.status).toBe(code);
    if (code === 415)
      expect(answer.json()).toMatchObject({
        reason: 'UnsupportedMediaType',
        message: expect.stringContaining('accepted media types include: application/json, application/yaml'),
      });
  });

  it.each([
    [{ ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: '' }] }, 'ownerReferences.uid'],
    [
      {
        ownerReferences: ['a', 'b'].map((uid) => ({
          apiVersion: 'v1',
          kind: 'Pod',
          name: uid,
          uid,
          controller: true,
        })),
      },
      'ownerReferences',
    ],
    [{ annotations: { a: 'x'.repeat(256 * 1024) } }, 'annotations'],
    [{ name: 'A_b' }, 'name'],
  ])('refuse %.60j in Kubernetes’ words', async (more, field) => {
    const body = { ...configMap('odd'), metadata: { name: 'odd', ...more } };
    const { status, told } = await ask('POST', `${base}/configmaps`, body);
    expect([status, told.details.causes[0]?.field]).toEqual([422, `metadata.${field}`]);
    expect(told.message).toMatch(/Invalid value: .*(must|Only)|Too long/);
  });

  it('are not forced but by apply patches, and not told of a time to come', async () => {
    await ask('POST', `${base}/configmaps`, configMap('there'));
    const forced = await ask('PATCH', `${base}/configmaps/there?force=true`, {}, merge);
    expect([forced.status, forced.told.details.causes]).toEqual([
      422,
      [
        {
          reason: 'FieldValueForbidden',
          message: 'Forbidden: may not be specified for non-apply patch',
          field: 'force',
        },
      ],
    ]);
    expect((await ask('GET', `${base}/configmaps/there?resourceVersion=0`)).status).toBe(200);
    expect((await ask('GET', `${base}/configmaps/there?resourceVersion=99999999999999`)).status).toBe(504);
  });

  it('lose by an apply patch what its manager leaves out, also in a watched file', async () => {
    const apply = { 'content-type': 'application/apply-patch+yaml' };
    const path = `${servings}/sample?fieldManager=one`;
    const applied = (metadata: object, spec: object) => ({
      apiVersion: 'workload.serving.volcano.sh/v1alpha1',
      kind: 'ModelServing',
      metadata: { name: 'sample', ...metadata },
      spec,
    });
    const first = applied({ labels: { team: 'a', drop: 'me' } }, { replicas: 2, schedulerName: 'volcano' });
    expect((await ask('PATCH', path, first, apply)).told).toMatchObject({
      metadata: { labels: { team: 'a', drop: 'me' } },
      spec: { replicas: 2, schedulerName: 'volcano' },
    });
    const { told } = await ask('PATCH', path, applied({ labels: { team: 'a' } }, { replicas: 2 }), apply);
    expect(told.metadata.labels).toEqual({ team: 'a' });
    expect(told.spec).not.toHaveProperty('schedulerName');
    expect(told.spec).toHaveProperty('template');
    expect(on.edits).toEqual(
      expect.arrayContaining([
        { path: ['metadata', 'labels', 'drop'], value: undefined },
        { path: ['spec', 'schedulerName'], value: undefined },
      ]),
    );
  });

  it('judge keys that are said twice as the client asks', async () => {
    const text =
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"twice"},"data":{"a":"1","a":"2"},"extra":1}';
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: twice\ndata:\n  a: "1"\n  a: "2"\n';
    const post = (query: string, body: string, type = 'application/json') =>
      on.call('POST', `${base}/configmaps?dryRun=All${query}`, {
        text: body,
        headers: { 'content-type': type },
      });
    const strict = await post('&fieldValidation=Strict', text);
    expect([strict.status, strict.json().message]).toEqual([
      400,
      'strict decoding error: duplicate field "data.a", unknown field "extra"',
    ]);
    const warned = await post('', text);
    expect([warned.status, warned.headers.warning]).toEqual([
      201,
      '299 - "duplicate field \\"data.a\\"", 299 - "unknown field \\"extra\\""',
    ]);
    expect(JSON.parse(warned.text)).toMatchObject({ data: { a: '2' } });
    expect((await post('&fieldValidation=Ignore', text)).headers.warning).toBeUndefined();
    const strictYaml = await post('&fieldValidation=Strict', yaml, 'application/yaml');
    expect([strictYaml.status, strictYaml.json().message]).toEqual([
      400,
      'strict decoding error: yaml: unmarshal errors:\n  line 7: key "a" already set in map',
    ]);
    const warnedYaml = await post('', yaml, 'application/yaml');
    expect(warnedYaml.headers.warning).toBe('299 - "line 7: key \\"a\\" already set in map"');
    await ask('POST', `${base}/configmaps`, configMap('there'));
    const patch = await on.call('PATCH', `${base}/configmaps/there?fieldValidation=Strict`, {
      text: '{"data":{"b":"1","b":"2"}}',
      headers: merge,
    });
    expect([patch.status, patch.json().message]).toEqual([
      400,
      'strict decoding error: duplicate field "data.b"',
    ]);
  });

  it('wait, deleted in the foreground, with a finalizer for what they own', async () => {
    const { told } = await ask('POST', `${base}/configmaps`, configMap('owner'));
    const path = `${base}/configmaps/owner`;
    const both = { propagationPolicy: 'Background', orphanDependents: true };
    expect((await ask('DELETE', path, both)).told.message).toContain('cannot be both set');
    const { status, told: left } = await ask('DELETE', `${path}?propagationPolicy=Foreground`);
    expect([status, left.metadata.finalizers, left.metadata.uid]).toEqual([
      200,
      ['foregroundDeletion'],
      told.metadata.uid,
    ]);
    expect(left.metadata.deletionTimestamp).toBeDefined();
  });

  it('end a namespace that is finalized, once it is being deleted', async () => {
    await ask('POST', '/api/v1/namespaces', { metadata: { name: 'lab', finalizers: ['a/b'] } });
    const path = '/api/v1/namespaces/lab';
    const conditions = [{ type: 'x', status: 'True' }];
    const { told } = await ask('PATCH', `${path}/status`, { status: { conditions, phase: 'Odd' } }, merge);
    expect(told.status).toEqual({ conditions, phase: 'Active' });
    expect((await ask('GET', `${path}/status`)).told.metadata.name).toBe('lab');
    const finalized = { metadata: { name: 'lab' }, spec: { finalizers: [] } };
    expect((await ask('PUT', `${path}/finalize`, finalized)).status).toBe(200);
    await ask('DELETE', path);
    expect((await ask('PUT', `${path}/finalize`, finalized)).status).toBe(200);
    expect((await ask('GET', path)).status).toBe(200);
    await ask('PATCH', path, { metadata: { finalizers: null } }, merge);
    expect((await ask('PUT', `${path}/finalize`, finalized)).status).toBe(200);
    expect((await ask('GET', path)).status).toBe(404);
  });

  it('judge unknown fields as the client asks', async () => {
    const odd = { ...serving('odd'), spec: { ...serving('odd').spec, replica: 2 } };
    const strict = await ask('POST', `${servings}?fieldValidation=Strict`, odd);
    expect([strict.status, strict.told.message]).toEqual([
      400,
      expect.stringContaining('unknown field "spec.replica"'),
    ]);
    const warned = await ask('POST', servings, odd);
    expect([warned.status, warned.headers.warning]).toEqual([
      201,
      expect.stringContaining('299 - "unknown field \\"spec.replica\\""'),
    ]);
    expect(warned.told.spec.replica).toBeUndefined();
    const dry = await ask('POST', `${servings}?dryRun=All&fieldValidation=Ignore`, {
      ...odd,
      metadata: { name: 'dry' },
    });
    expect([dry.status, dry.headers.warning]).toEqual([201, undefined]);
    expect((await ask('GET', `${servings}/dry`)).status).toBe(404);
  });

  it('stay until their finalizers are gone, and go at once without', async () => {
    const path = `${base}/configmaps/held`;
    await ask('POST', `${base}/configmaps`, {
      ...configMap('held'),
      metadata: { name: 'held', finalizers: ['a.example/b'] },
    });
    const marked = await ask('DELETE', path);
    expect(marked.told.metadata).toMatchObject({
      finalizers: ['a.example/b'],
      deletionTimestamp: expect.any(String),
    });
    const more = await ask(
      'PATCH',
      path,
      { metadata: { finalizers: ['a.example/b', 'c.example/d'] } },
      merge,
    );
    expect(more.status).toBe(422);
    expect((await ask('PATCH', path, { metadata: { finalizers: [] } }, merge)).status).toBe(200);
    expect((await ask('GET', path)).status).toBe(404);
    expect(filesOf('configmaps')).toEqual([]);
  });

  it('are deleted only as the preconditions say, one by one or by selector', async () => {
    const { told } = await ask('POST', `${base}/configmaps`, configMap('guarded'));
    const path = `${base}/configmaps/guarded`;
    expect((await ask('DELETE', path, { preconditions: { uid: 'other' } })).told.reason).toBe('Conflict');
    expect((await ask('DELETE', path, { preconditions: { resourceVersion: '1' } })).status).toBe(409);
    expect((await ask('DELETE', path, { dryRun: ['All'] })).status).toBe(200);
    expect((await ask('DELETE', path, { preconditions: { uid: told.metadata.uid } })).status).toBe(200);
    for (const [name, team] of Object.entries({ a: 'x', b: 'x', c: 'y' }))
      await ask('POST', `${base}/configmaps`, { metadata: { name, labels: { team } } });
    const { told: list } = await ask('DELETE', `${base}/configmaps?labelSelector=team%3Dx`);
    expect(list).toMatchObject({ kind: 'ConfigMapList', items: [{}, {}] });
    expect(filesOf('configmaps')).toEqual(['default_c.json']);
  });

  it('are not those of a watched file: these name it, with the line', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'minithena-watched-'));
    const file = join(directory, 'maps.yaml');
    writeFileSync(file, `# first\n---\n${JSON.stringify(configMap('mine'))}\n`);
    on.store.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'mine', namespace: 'default', annotations: { 'minithena.dev/file': file } },
    });
    const refused = await ask('DELETE', `${base}/configmaps/mine`);
    expect([refused.status, refused.told.message]).toEqual([
      403,
      expect.stringMatching(new RegExp(`${file}:3.*minithena down ${file}`)),
    ]);
    expect((await ask('DELETE', `${base}/configmaps`)).status).toBe(403);
    expect((await ask('DELETE', `${servings}/sample`)).status).toBe(403);
    rmSync(directory, { recursive: true });
  });

  it('may be of kinds that nothing acts on, which is said', async () => {
    const path = '/apis/networking.serving.volcano.sh/v1alpha1/namespaces/default/modelroutes';
    const made = await ask('POST', path, {
      apiVersion: 'networking.serving.volcano.sh/v1alpha1',
      kind: 'ModelRoute',
      metadata: { name: 'r' },
      spec: { rules: [{ any: 1 }] },
    });
    expect([made.status, made.told.spec, made.headers.warning]).toEqual([
      201,
      { rules: [{ any: 1 }] },
      expect.stringContaining('nothing here acts on it'),
    ]);
    expect((await ask('PATCH', `${path}/r`, { spec: { x: 1 } }, merge)).told.spec).toHaveProperty('x', 1);
    const told = await ask('PATCH', `${path}/r/status`, { spec: { y: 1 }, status: { seen: 1 } }, merge);
    expect([told.told.spec, told.told.status]).toEqual([{ rules: [{ any: 1 }], x: 1 }, { seen: 1 }]);
    expect((await ask('PATCH', `${path}/r`, { status: { seen: 2 } }, merge)).told.status).toEqual({
      seen: 1,
    });
    expect((await ask('DELETE', `${path}/r`)).status).toBe(200);
  });

  it('evict a Pod, and record events of clients', async () => {
    const spec = { containers: [{ name: 'main', image: 'busybox' }] };
    expect((await ask('POST', `${base}/pods`, { metadata: { name: 'bare' }, spec })).status).toBe(201);
    const labels = { 'modelserving.volcano.sh/name': 'sample' };
    const claimed = await ask('POST', `${base}/pods`, { metadata: { name: 'claimed', labels }, spec });
    expect([claimed.status, claimed.told.details.causes[0]?.field]).toEqual([422, 'metadata.labels']);
    const eviction = {
      kind: 'Eviction',
      apiVersion: 'policy/v1',
      metadata: { name: 'bare' },
      deleteOptions: { gracePeriodSeconds: 3 },
    };
    expect((await ask('POST', `${base}/pods/bare/eviction`, eviction)).status).toBe(201);
    expect(on.store.get('pods', 'default', 'bare')?.metadata.deletionGracePeriodSeconds).toBe(3);
    const involvedObject = { kind: 'Pod', name: 'bare', namespace: 'default' };
    const event = {
      metadata: { generateName: 'bare.' },
      involvedObject,
      reason: 'Seen',
      message: 'by a client',
    };
    const { told } = await ask('POST', `${base}/events`, event);
    expect(told).toMatchObject({ kind: 'Event', type: 'Normal', count: 1, reason: 'Seen' });
    const again = await ask('PATCH', `${base}/events/${told.metadata.name}`, { count: 2 }, merge);
    expect(again.told).toMatchObject({ count: 2, message: 'by a client' });
    expect((await ask('POST', `${base}/events`, { metadata: { name: 'x' } })).status).toBe(422);
  });
});
