import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/app-error.js';
import { pod, serve } from './serve.js';

const used = (container: string, cpuNanos: number, memoryBytes: number) => ({
  container,
  cpuNanos,
  memoryBytes,
  atMs: Date.parse('2026-01-01T00:00:02.7Z'),
  spanMs: 1002,
});
const root = '/apis/metrics.k8s.io/v1beta1';

describe('metrics.k8s.io', () => {
  let on: Awaited<ReturnType<typeof serve>>;
  let asked = 0;
  let away = false;
  const uids = new Map<string, string>();
  beforeEach(async () => {
    asked = 0;
    away = false;
    on = await serve({
      async usage(wanted) {
        asked++;
        if (away) throw new AppError('EngineUnreachable', 'no engine');
        const all = new Map([
          [uids.get('busy'), [used('main', 1_500_000.4, 2048), used('aside', 500_000, 1000)]],
          [uids.get('calm'), [used('main', 0, 4096)]],
        ]);
        return new Map(wanted.flatMap((uid) => (all.has(uid) ? [[uid, all.get(uid) ?? []]] : [])));
      },
    });
    for (const each of [pod('busy', ['main', 'aside']), pod('calm'), pod('stopped')])
      uids.set(each.metadata.name, on.store.create('pods', each).metadata.uid ?? '');
    on.store.create('nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n', namespace: '' },
    } as never);
  });
  afterEach(() => on.close());
  const get = async (path: string) => JSON.parse((await on.call('GET', `${root}${path}`)).text);

  it('is a table for those who print it', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const asked = await on.call('GET', `${root}/namespaces/default/pods`, { headers: { accept } });
    const { kind, columnDefinitions, rows } = JSON.parse(asked.text);
    expect([kind, columnDefinitions.map(({ name }: { name: string }) => name)]).toEqual([
      'Table',
      ['Name', 'cpu', 'memory', 'Window'],
    ]);
    expect(rows.map(({ cells }: { cells: unknown[] }) => cells)).toEqual([
      ['busy', '2000000n', '3Ki', '1.002s'],
      ['calm', '0n', '4Ki', '1.002s'],
    ]);
    const one = await on.call('GET', `${root}/nodes/n`, { headers: { accept } });
    expect(JSON.parse(one.text).rows[0]).toMatchObject({
      cells: ['n', '2000000n', expect.stringMatching(/Ki$/), '1.002s'],
      object: { kind: 'PartialObjectMetadata', metadata: { name: 'n' } },
    });
  });

  it('tells what the running containers of each pod use', async () => {
    const list = await get('/namespaces/default/pods');
    expect(list).toMatchObject({ kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1' });
    expect(list.items.map((each: { metadata: { name: string } }) => each.metadata.name)).toEqual([
      'busy',
      'calm',
    ]);
    expect(list.items[0]).toMatchObject({
      metadata: { namespace: 'default', labels: { app: 'busy' } },
      timestamp: '2026-01-01T00:00:02Z',
      window: '1.002s',
      containers: [
        { name: 'aside', usage: { cpu: '500000n', memory: '1Ki' } },
        { name: 'main', usage: { cpu: '1500000n', memory: '2Ki' } },
      ],
    });
  });

  it.each([
    ['/pods?labelSelector=app%3Dcalm', ['calm']],
    ['/pods?fieldSelector=metadata.name%3Dbusy', ['busy']],
    ['/namespaces/elsewhere/pods', []],
  ])('%s', async (path, names) => {
    expect((await get(path)).items.map((each: { metadata: { name: string } }) => each.metadata.name)).toEqual(
      names,
    );
  });

  it('adds up what a node’s pods use', async () => {
    expect((await get('/nodes')).items[0]).toMatchObject({
      kind: 'NodeMetrics',
      metadata: { name: 'n' },
      usage: { cpu: '2000000n', memory: '7Ki' },
    });
    expect((await get('/nodes/n')).usage.memory).toBe('7Ki');
  });

  it.each<[string, number, RegExp]>([
    ['/namespaces/default/pods/stopped', 404, /nothing of it runs/],
    ['/namespaces/default/pods/none', 404, /pods.metrics.k8s.io \\"none\\" not found/],
    ['/nodes/none', 404, /nodes.metrics.k8s.io/],
    ['/pods?watch=1', 405, /cannot be watched/],
    ['/pods?labelSelector=%3D', 400, /BadRequest/],
    ['/secrets', 404, /the server has nothing at/],
  ])('%s is %d', async (path, status, words) => {
    const answer = await on.call('GET', `${root}${path}`);
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(words)]);
  });

  it('says that the engine is away, is announced, and measures only when it is asked', async () => {
    expect(await get('')).toMatchObject({
      kind: 'APIResourceList',
      resources: [{ name: 'nodes' }, { name: 'pods', kind: 'PodMetrics', verbs: ['get', 'list'] }],
    });
    await on.call('GET', '/metrics');
    await on.call('GET', '/api/v1/pods');
    expect(asked).toBe(0);
    away = true;
    expect((await on.call('GET', `${root}/pods`)).status).toBe(503);
    expect(asked).toBe(1);
  });
});
