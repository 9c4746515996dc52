import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from './serve.js';

describe('discovery', () => {
  let on: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    on = await serve();
  });
  afterAll(() => on.close());
  const get = async (path: string, accept = '*/*') => {
    const answer = await on.call('GET', path, { headers: { accept } });
    return { ...answer, body: () => JSON.parse(answer.text) };
  };

  it.each(['v2', 'v2beta1'])('tells every group at once to who asks for %s', async (version) => {
    const accept = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList,application/json`;
    const whole = (await get('/apis', accept)).body();
    expect(whole).toMatchObject({
      kind: 'APIGroupDiscoveryList',
      apiVersion: `apidiscovery.k8s.io/${version}`,
    });
    const group = whole.items.find(
      (each: { metadata: { name: string } }) => each.metadata.name === 'workload.serving.volcano.sh',
    );
    expect(group.versions[0].resources[0]).toMatchObject({
      resource: 'modelservings',
      shortNames: ['ms'],
      scope: 'Namespaced',
      subresources: [
        { subresource: 'status' },
        { subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
      ],
    });
    expect((await get('/api', accept)).body().items[0].metadata.name).toBe('');
    expect((await get('/apis')).body().kind).toBe('APIGroupList');
  });

  it('describes each group in OpenAPI v3 from the shapes that manifests are checked against', async () => {
    const { paths } = (await get('/openapi/v3')).body();
    const entry = paths['apis/workload.serving.volcano.sh/v1alpha1'];
    expect(entry.serverRelativeURL).toMatch(/\?hash=\w+$/);
    const document = (await get(entry.serverRelativeURL)).body();
    const schema = document.components.schemas['workload.serving.volcano.sh.v1alpha1.ModelServing'];
    expect(schema['x-kubernetes-group-version-kind'][0].kind).toBe('ModelServing');
    expect(schema.properties.spec.properties.recoveryPolicy.enum).toContain('RoleRecreate');
    const role = schema.properties.spec.properties.template.properties.roles.items;
    expect(role.required).toEqual(['name', 'workerReplicas', 'entryTemplate']);
    expect(role.properties.entryTemplate.properties.spec.properties.containers.type).toBe('array');
    const container = role.properties.entryTemplate.properties.spec.properties.containers.items.properties;
    expect(role.properties.replicas.description).toMatch(/entry pod/);
    expect(container.image.description).toBe('pulled once for all pods that want it; images');
    // What clients get, also where it is not what they write.
    expect(schema.properties.status.properties.availableReplicas.type).toBe('integer');
    expect(schema.properties.metadata.properties.finalizers.description).toMatch(/^What must be done/);
    const newer = (await get(paths['apis/events.k8s.io/v1'].serverRelativeURL)).body().components.schemas;
    expect(newer['events.k8s.io.v1.Event'].properties).toHaveProperty('regarding.properties.name');
    const own = (await get(paths['apis/minithena.dev/v1alpha1'].serverRelativeURL)).body().components.schemas;
    const group = own['minithena.dev.v1alpha1.ServingGroup'];
    expect(group.description).toMatch(/^One copy of what a ModelServing serves/);
    expect(group.properties.status.properties.reason.description).toMatch(/^Why it is not Running/);
    const old = await get('/openapi/v2');
    expect([old.status, old.body()]).toMatchObject([200, { swagger: '2.0', paths: {} }]);
  });

  it('has the definition of ModelServing, read-only', async () => {
    const root = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const name = 'modelservings.workload.serving.volcano.sh';
    expect((await get(root)).body().items[5].metadata.name).toBe(name);
    expect((await get(`${root}/${name}`)).body().spec.names.shortNames).toEqual(['ms']);
    expect((await get(`${root}/none`)).status).toBe(404);
    expect((await on.call('DELETE', `${root}/${name}`)).status).toBe(405);
    const table = (await get(root, 'application/json;as=Table;v=v1;g=meta.k8s.io')).body();
    expect(table.rows[5].cells).toEqual([name, expect.stringMatching(/Z$/)]);
    expect((await get(`${root}?fieldSelector=metadata.name%3D${name}`)).body().items).toHaveLength(1);
    // As an informer of today begins: with what exists, and a bookmark behind it.
    const begin = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = on.follow(`${root}?watch=1&${begin}`);
    await expect
      .poll(() => watch.told.map(({ type }) => type))
      .toEqual([...Array(6).fill('ADDED'), 'BOOKMARK']);
    expect(watch.told[5]?.object.metadata.name).toBe(name);
    await expect.poll(async () => (await get('/metrics')).text).toContain('minithena_api_watchers 1\n');
    watch.stop();
    await expect.poll(async () => (await get('/metrics')).text).toContain('minithena_api_watchers 0\n');
  });

  it('says how it is, in words and in numbers', async () => {
    expect((await get('/readyz')).text).toBe('ok');
    expect((await get('/livez?verbose')).text).toContain('livez check passed');
    const { text } = await get('/metrics');
    expect(text).toContain('minithena_objects{resource="modelservings"} 1\n');
    for (const line of [
      'minithena_engine_reachable 1',
      'minithena_engine_calls_total{call="createContainer",result="succeeded"} 5',
      'minithena_engine_calls_seconds_total{call="createContainer"} 1.25',
      'minithena_passes_total{part="controller",result="failed"} 1',
      'minithena_queue_length{part="controller",state="delayed"} 4',
    ])
      expect(text).toContain(`${line}\n`);
    expect(text).toMatch(/minithena_api_requests_total\{method="GET",code="200"\} \d+\n/);
  });
});
