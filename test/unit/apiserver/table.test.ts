import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pod, serve } from './serve.js';

const wanted = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

describe('tables', () => {
  let on: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    on = await serve();
  });
  afterAll(() => on.close());
  const table = async (path: string) => {
    const { columnDefinitions, rows } = JSON.parse((await on.call('GET', path, { headers: wanted })).text);
    const columns = columnDefinitions as { name: string; type: string; format: string; priority: number }[];
    return {
      columns,
      cells: (row = 0) =>
        Object.fromEntries(columns.map(({ name }, at) => [name, rows[row].cells[at]])) as object,
    };
  };
  const all = '/apis/workload.serving.volcano.sh/v1alpha1/namespaces/default/modelservings';

  it('has kthena’s columns, numbers as numbers, and the rules in force', async () => {
    const { columns, cells } = await table(all);
    expect(columns.map(({ name, type, priority }) => `${name}:${type}${priority ? ' wide' : ''}`)).toEqual([
      'Name:string',
      'Replicas:integer',
      'Available:integer',
      'Updated:integer',
      'Age:date',
      'Desired:integer wide',
      'Revision:string wide',
      'Rules:string wide',
      'Reason:string wide',
      'File:string wide',
    ]);
    expect(columns[0]?.format).toBe('name');
    expect(cells()).toMatchObject({ Name: 'sample', Replicas: 0, Desired: 1, Rules: 'ordinal' });
    const found = on.store.get('modelservings', 'default', 'sample');
    if (!found) throw new Error('no sample');
    const annotations = { ...found.metadata.annotations, 'minithena.dev/rules': 'upstream' };
    on.store.update('modelservings', { ...found, metadata: { ...found.metadata, annotations } });
    expect((await table(`${all}/sample`)).cells()).toMatchObject({ Rules: 'upstream' });
  });

  it('tells restarts of pods as Kubernetes does, and which gates they have passed', async () => {
    on.store.create('pods', pod('calm'));
    on.store.create('pods', {
      ...pod('failing'),
      spec: { ...pod('failing').spec, readinessGates: [{ conditionType: 'a' }, { conditionType: 'b' }] },
      status: {
        phase: 'Running',
        conditions: [{ type: 'a', status: 'True' }],
        containerStatuses: [
          {
            name: 'main',
            image: '',
            imageID: '',
            ready: true,
            restartCount: 2,
            lastState: {
              terminated: { exitCode: 1, finishedAt: new Date(Date.now() - 90_500).toISOString() },
            },
          },
        ],
      },
    });
    const { cells } = await table('/api/v1/namespaces/default/pods');
    expect(cells(0)).toMatchObject({ Restarts: '0', 'Readiness Gates': '<none>' });
    expect(cells(1)).toMatchObject({
      Restarts: expect.stringMatching(/^2 \(9\ds ago\)$/),
      'Readiness Gates': '1/2',
    });
  });
});
