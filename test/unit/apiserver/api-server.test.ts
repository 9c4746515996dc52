import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pod, serve } from './serve.js';

const servings = '/apis/workload.serving.volcano.sh/v1alpha1/namespaces/default/modelservings';
const pods = '/api/v1/namespaces/default/pods';
const merge = { 'content-type': 'application/merge-patch+json' };
const strategic = { 'content-type': 'application/strategic-merge-patch+json' };

describe('the API server', () => {
  let on: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => {
    on = await serve();
  });
  afterEach(() => on.close());

  it('lets nobody in without the token, and by no foreign name', async () => {
    const wrong = await on.call('GET', '/version', { headers: { authorization: 'Bearer nearly' } });
    expect([wrong.status, wrong.json().kind]).toEqual([401, 'Status']);
    for (const [authorization, status] of Object.entries({
      secret: 401,
      'Basic secret': 401,
      'bearer secret': 200,
    }))
      expect((await on.call('GET', '/version', { headers: { authorization } })).status).toBe(status);
    const foreign = await on.call('GET', '/version', { headers: { host: 'evil.example:443' } });
    expect(foreign.status).toBe(403);
    expect((await on.call('GET', '/version', { headers: { host: '[::1]:1' } })).status).toBe(200);
  });

  it('tells what it does not have, does not do and does not understand as a Status', async () => {
    expect((await on.call('GET', `${pods}/none`)).json()).toMatchObject({ reason: 'NotFound', code: 404 });
    expect((await on.call('GET', `${pods}/%zz`)).status).toBe(400);
    const refused = await on.call('DELETE', `${servings}/sample`);
    expect(refused.json()).toMatchObject({
      code: 403,
      details: { minithena: { code: 'Forbidden', hint: 'minithena down /tmp/sample.yaml' } },
    });
    expect((await on.call('POST', `${servings}/sample`)).status).toBe(405);
    expect((await on.call('POST', `${pods}/a/exec?command=sh`)).json()).toMatchObject({ code: 400 });
  });

  it('lists with selectors, plainly and as a table', async () => {
    on.store.create('pods', pod('a'));
    on.store.create('pods', pod('b'));
    const listed = (await on.call('GET', '/api/v1/pods?labelSelector=app%3Db')).json();
    expect(listed.kind).toBe('PodList');
    expect(listed.items.map((each) => each.metadata.name)).toEqual(['b']);
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const table = (await on.call('GET', pods, { headers })).json();
    expect(table.rows.map((row) => row.cells.slice(0, 4))).toEqual([
      ['a', '0/1', 'Running', '0'],
      ['b', '0/1', 'Running', '0'],
    ]);
    const whole = (await on.call('GET', `${pods}?includeObject=Object`, { headers })).json();
    expect(whole.rows[0]).toMatchObject({
      object: { kind: 'Pod', spec: { containers: [{ name: 'main' }] } },
    });
  });

  it.each([
    ['labelSelector', 'a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['labelSelector', ',', "found ',', expected: !, identifier, or 'end of string'"],
    ['fieldSelector', 'metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['fieldSelector', 'spec.image=x', 'field label not supported: spec.image'],
  ])('refuses the %s "%s", for lists and watches alike', async (name, selector, message) => {
    const query = `${name}=${encodeURIComponent(selector)}`;
    for (const more of ['', '&watch=true']) {
      const answer = await on.call('GET', `${pods}?${query}${more}`);
      expect(answer.json()).toMatchObject({ kind: 'Status', reason: 'BadRequest', code: 400 });
      expect(answer.json().message).toContain(message);
    }
  });

  it('has ConfigMaps, Secrets and claims, with their values for whoever holds the token', async () => {
    const metadata = { name: 'token', namespace: 'team' };
    const data = { token: 'aHVudGVyMg==' };
    on.store.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data });
    on.store.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } });
    const base = '/api/v1/namespaces/team';
    expect((await on.call('GET', `${base}/secrets/token`)).json()).toMatchObject({ kind: 'Secret', data });
    expect((await on.call('GET', '/api/v1/configmaps')).json().items).toHaveLength(1);
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const table = await on.call('GET', `${base}/secrets`, { headers });
    expect(table.json().rows[0]?.cells.slice(0, 3)).toEqual(['token', 'Opaque', 1]);
    expect((await on.call('PATCH', `${base}/configmaps/token`, { body: {} })).status).toBe(403);
    const resources = (await on.call('GET', '/api/v1')).json() as unknown as { resources: object[] };
    expect(resources.resources).toContainEqual(
      expect.objectContaining({ name: 'persistentvolumeclaims', shortNames: ['pvc'] }),
    );
    const namespaces = (await on.call('GET', '/api/v1/namespaces')).json();
    expect(namespaces.items.map((each) => each.metadata.name)).toContain('team');
  });

  it('answers kubectl and k9s: what there is, what one may do, and the namespaces', async () => {
    const resources = (await on.call('GET', '/api/v1')).json() as unknown as { resources: object[] };
    expect(resources.resources).toContainEqual(
      expect.objectContaining({ name: 'pods', shortNames: ['po'], categories: ['all'] }),
    );
    const may = async (resourceAttributes: object) => {
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const { json } = await on.call('POST', path, { body: { spec: { resourceAttributes } } });
      return (json() as unknown as { status: { allowed: boolean } }).status.allowed;
    };
    const group = 'workload.serving.volcano.sh';
    expect(await may({ verb: 'delete', group: '', resource: 'pods' })).toBe(true);
    expect(await may({ verb: 'get', group: '', resource: 'pods', subresource: 'log' })).toBe(true);
    expect(await may({ verb: 'patch', group, resource: 'modelservings', subresource: 'scale' })).toBe(true);
    expect(await may({ verb: 'delete', group, resource: 'modelservings' })).toBe(true);
    expect(await may({ verb: 'create', group: 'minithena.dev', resource: 'servinggroups' })).toBe(false);
    for (const subresource of ['exec', 'attach', 'portforward'])
      expect(await may({ verb: 'create', group: '', resource: 'pods', subresource })).toBe(true);
    expect(await may({ verb: 'list', group: 'metrics.k8s.io', resource: 'nodes' })).toBe(true);
    expect(await may({ verb: 'create', group: 'apps', resource: 'deployments' })).toBe(false);
    expect(await may({ verb: '*', group: '*', resource: '*' })).toBe(true);
    expect(await may({ verb: '*', group: 'apps', resource: 'deployments' })).toBe(false);
    const who = (
      await on.call('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: {} })
    ).json();
    expect(who).toMatchObject({ status: { userInfo: { username: 'minithena' } } });
    const rules = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    const all = (await on.call('POST', rules, { body: { spec: { namespace: 'default' } } })).json();
    expect(all).toMatchObject({ kind: 'SelfSubjectRulesReview', status: { incomplete: false } });
    const told = (all as unknown as { status: { resourceRules: object[] } }).status.resourceRules;
    expect(told).toContainEqual({ verbs: ['get'], apiGroups: [''], resources: ['pods/log'] });
    const listed = (await on.call('GET', '/api/v1/namespaces')).json();
    expect(listed.items.map((each) => each.metadata.name)).toEqual(['default']);
  });

  it('hears that it shall end, whatever that gives back', async () => {
    const { status, json } = await on.call('POST', '/minithena/v1/stop', { body: {} });
    expect([status, json()]).toEqual([200, {}]);
  });

  it('tells every error of a file as a cause, no warning, and refuses control requests that say nothing', async () => {
    const refused = await on.call('POST', '/minithena/v1/up', { body: { files: ['a.yaml'] } });
    expect(refused.json()).toMatchObject({
      code: 422,
      reason: 'Invalid',
      details: {
        causes: [
          {
            field: 'spec.replica',
            message: 'a.yaml:7:3: unknown field `replica`',
            reason: 'FieldValueInvalid',
          },
        ],
      },
    });
    for (const [name, body] of [
      ['up', {}],
      ['down', { files: 'a.yaml' }],
      ['plan', { name: 'sample' }],
      ['sync', null],
    ] as const) {
      expect((await on.call('POST', `/minithena/v1/${name}`, { body })).status, name).toBe(400);
    }
  });

  it('writes counts through the file, whatever way they are patched', async () => {
    const at = `${servings}/sample`;
    const send = (body: unknown, headers: object) => on.call('PATCH', at, { body, headers });
    expect((await send({ spec: { replicas: 2 } }, merge)).json().spec.replicas).toBe(2);
    const named = { spec: { template: { roles: [{ name: 'prefill', replicas: 3 }] } } };
    expect((await send(named, strategic)).status).toBe(415);
    const apply = { 'content-type': 'application/apply-patch+yaml' };
    const config = { apiVersion: 'workload.serving.volcano.sh/v1alpha1', kind: 'ModelServing', ...named };
    await on.call('PATCH', `${at}?fieldManager=me`, { body: config, headers: apply });
    await send([{ op: 'replace', path: '/spec/template/roles/0/replicas', value: 4 }], {
      'content-type': 'application/json-patch+json',
    });
    await on.call('PATCH', `${at}/scale`, { body: { spec: { replicas: 5 } }, headers: merge });
    const ofRole = ['spec', 'template', 'roles', 0, 'replicas'];
    expect(on.edits).toEqual([
      { path: ['spec', 'replicas'], value: 2 },
      { path: ofRole, value: 3 },
      { path: ofRole, value: 4 },
      { path: ['spec', 'replicas'], value: 5 },
    ]);
    expect((await on.call('GET', `${at}/scale`)).json()).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 5 },
    });
  });

  it('writes whatever else differs to the file too, each where it stands, and nothing of ours', async () => {
    const at = `${servings}/sample`;
    const annotations = { 'minithena.dev/paused': 'true', 'minithena.dev/invalid-spec': 'x' };
    await on.call('PATCH', at, {
      body: { metadata: { annotations }, spec: { recoveryPolicy: 'None', replicas: 2 }, status: {} },
      headers: merge,
    });
    expect(on.edits).toEqual([
      { path: ['metadata', 'annotations'], value: { 'minithena.dev/paused': 'true' } },
      { path: ['spec', 'replicas'], value: 2 },
      { path: ['spec', 'recoveryPolicy'], value: 'None' },
    ]);
  });

  it('changes labels and annotations of a Pod, has them written down, and nothing else of it', async () => {
    on.store.create('pods', pod('a', ['x']));
    const send = (body: object) => on.call('PATCH', `${pods}/a`, { body, headers: merge });
    const marked = await send({ metadata: { annotations: { cost: '5' }, labels: { team: 'x' } } });
    expect(marked.json()).toMatchObject({ metadata: { annotations: { cost: '5' }, labels: { team: 'x' } } });
    await send({ metadata: { annotations: { cost: null } } });
    expect(on.store.get('pods', 'default', 'a')?.metadata.annotations).toBeUndefined();
    expect(on.kept).toEqual([
      { annotations: { cost: '5' }, labels: { team: 'x' } },
      { annotations: { cost: null }, labels: {} },
    ]);
    const refused = [
      { spec: { nodeName: 'other' } },
      { metadata: { labels: { 'modelserving.volcano.sh/role': 'x' } } },
    ];
    for (const body of refused) expect((await send(body)).status).toBe(422);
    expect((await send({ metadata: { annotations: { cost: 5 } } })).status).toBe(400);
    const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';
    const cheap = await send({ metadata: { annotations: { [deletionCost]: 'cheap' } } });
    expect(cheap.status).toBe(422);
    expect(cheap.json().message).toContain(
      `metadata.annotations[${deletionCost}]: Invalid value: "cheap": must be a 32bit integer`,
    );
    expect((await send({ metadata: { annotations: { [deletionCost]: '-10' } } })).status).toBe(200);
    expect(on.kept.length).toBe(3);
  });

  it('says what it does not know of a body, as strictly as it is asked to, and which options it does not', async () => {
    const at = `${servings}/sample`;
    const send = (query: string, body: object = { spec: { replica: 3 } }) =>
      on.call('PATCH', `${at}?${query}`, { body, headers: merge });
    expect((await send('')).headers.warning).toContain('unknown field \\"spec.replica\\"');
    expect((await send('fieldValidation=Ignore')).headers.warning).toBeUndefined();
    expect((await send('fieldValidation=Strict')).json()).toMatchObject({
      code: 400,
      message: 'strict decoding error: unknown field "spec.replica"',
    });
    expect(on.edits).toEqual([]);
    expect((await send('', { metadata: { labels: { 'a b': 'x' } } })).json()).toMatchObject({
      code: 422,
      details: { causes: [{ field: 'metadata.labels' }] },
    });
    expect((await send('dryRun=Some&fieldValidation=Loose')).json()).toMatchObject({
      code: 422,
      details: { causes: [{ field: 'dryRun' }, { field: 'fieldValidation' }] },
    });
    const typed = (type: string) => on.call('PATCH', at, { body: {}, headers: { 'content-type': type } });
    expect((await typed('text/plain')).json()).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
    expect((await typed('application/cbor')).status).toBe(415);
  });

  it('refuses what is no count, what is stale and what cannot change, and tries without doing', async () => {
    const at = `${servings}/sample`;
    const status = async (method: string, path: string, body: unknown) =>
      (await on.call(method, path, { body, ...(method === 'PATCH' && { headers: merge }) })).status;
    expect(await status('PATCH', `${at}/scale`, { spec: { replicas: -1 } })).toBe(422);
    expect(await status('PATCH', at, { metadata: { name: 'other' } })).toBe(400);
    expect(await status('PATCH', at, { kind: 'Other' })).toBe(400);
    const elsewhere = { annotations: { 'minithena.dev/file': '/other.yaml' } };
    expect(await status('PATCH', at, { metadata: elsewhere })).toBe(422);
    expect(await status('PUT', at, null)).toBe(400);
    expect(await status('PUT', `${at}/scale`, {})).toBe(400);
    expect(await status('PATCH', at, { metadata: { resourceVersion: '1' }, spec: { replicas: 2 } })).toBe(
      409,
    );
    expect(on.edits).toEqual([]);
    expect(await status('PATCH', `${at}?dryRun=All`, { spec: { replicas: 2 } })).toBe(200);
    expect(on.store.get('modelservings', 'default', 'sample')?.spec.replicas).toBe(1);
  });

  it('marks a pod deleted with its grace, and asks which container a log is of', async () => {
    on.store.create('pods', pod('a', ['x', 'y']));
    expect((await on.call('GET', `${pods}/a/log`)).json()).toMatchObject({
      code: 400,
      message: 'a container name must be specified for pod a, choose one of: [x y]',
    });
    expect((await on.call('GET', `${pods}/a/log?container=x`)).text).toBe('one\ntwo\n');
    await on.call('DELETE', `${pods}/a?dryRun=All`);
    expect(on.store.get('pods', 'default', 'a')?.metadata.deletionTimestamp).toBeUndefined();
    await on.call('DELETE', `${pods}/a`, { body: { gracePeriodSeconds: 3 } });
    expect(on.store.get('pods', 'default', 'a')?.metadata.deletionGracePeriodSeconds).toBe(3);
  });
});
