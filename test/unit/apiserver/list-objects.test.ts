import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { eventRecorder } from '../../../src/store/record-event.js';
import { pod, serve } from './serve.js';

const pods = '/api/v1/namespaces/default/pods';
interface List {
  kind: string;
  apiVersion: string;
  message: string;
  details: object;
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: { metadata: { name: string; namespace: string } }[];
  rows: { cells: unknown[] }[];
}

describe('a list', () => {
  let on: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => {
    on = await serve();
  });
  afterEach(() => on.close());
  const list = async (query: string, headers: object = {}) => {
    const answer = await on.call('GET', `${pods}?${query}`, { headers });
    return answer.json() as unknown as List;
  };
  const names = (told: List) => told.items.map((each) => each.metadata.name);
  const createPods = (count: number) => {
    for (let at = 0; at < count; at += 1) on.store.create('pods', pod(`p-${at}`));
  };

  it('comes in pages of one version, whatever is written meanwhile', async () => {
    createPods(12);
    const seen: string[] = [];
    const versions = new Set<string>();
    let token = '';
    let rounds = 0;
    do {
      const page = await list(`limit=5&continue=${token}`);
      seen.push(...names(page));
      versions.add(page.metadata.resourceVersion);
      token = page.metadata.continue ?? '';
      expect(page.metadata.remainingItemCount).toBe([7, 2, undefined][rounds]);
      rounds += 1;
      on.store.remove('pods', { namespace: 'default', name: `p-${10 + rounds}` });
      on.store.remove('pods', { namespace: 'default', name: `p-${rounds}` });
      on.store.create('pods', pod(`p-${rounds}-late`));
    } while (token !== '');
    expect(seen).toEqual(Array.from({ length: 12 }, (_, at) => `p-${at}`));
    expect([rounds, versions.size]).toEqual([3, 1]);
  });

  it('counts nothing of what it had to select, and pages tables and every namespace too', async () => {
    createPods(3);
    on.store.create('pods', { ...pod('x'), metadata: { name: 'x', namespace: 'other' } });
    const selected = await list('limit=1&fieldSelector=status.phase%3DRunning');
    expect(selected.metadata).toEqual({
      resourceVersion: on.store.version(),
      continue: expect.stringMatching(/^[\w-]+$/),
    });
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
    const table = await list('limit=2', headers);
    expect(table.rows.map(({ cells }) => cells[0])).toEqual(['p-0', 'p-1']);
    const rest = await list(`limit=2&continue=${table.metadata.continue}`, headers);
    expect(rest.rows.map(({ cells }) => cells[0])).toEqual(['p-2']);
    expect(rest.metadata).toEqual({ resourceVersion: table.metadata.resourceVersion });
    const all = (await on.call('GET', '/api/v1/pods?limit=3')).json() as unknown as List;
    const last = await on.call('GET', `/api/v1/pods?continue=${all.metadata.continue}`);
    expect(names(last.json() as unknown as List)).toEqual(['x']);
  });

  it('says when the version of its pages is no longer known, with a way to the rest as it is now', async () => {
    createPods(4);
    const first = await list('limit=2');
    on.store.create('pods', pod('p-9'));
    for (let at = 0; at < 4100; at += 1)
      on.store.update('pods', {
        ...pod('p-9'),
        metadata: { ...pod('p-9').metadata, labels: { at: `${at}` } },
      });
    const expired = await list(`limit=2&continue=${first.metadata.continue}`);
    expect(expired).toMatchObject({ code: 410, kind: 'Status', reason: 'Expired' });
    expect(expired.message).toContain('The provided continue parameter is too old');
    const rest = await list(`continue=${expired.metadata.continue}`);
    expect(names(rest)).toEqual(['p-2', 'p-3', 'p-9']);
    const old = await list(`resourceVersion=${first.metadata.resourceVersion}&resourceVersionMatch=Exact`);
    expect(old).toMatchObject({ code: 410, message: expect.stringContaining('too old') });
  });

  it('is as it was at an exact version, and as it is where any newer one will do', async () => {
    createPods(2);
    const { resourceVersion } = (await list('')).metadata;
    on.store.remove('pods', { namespace: 'default', name: 'p-0' });
    const at = `resourceVersion=${resourceVersion}`;
    expect(names(await list(`${at}&resourceVersionMatch=Exact`))).toEqual(['p-0', 'p-1']);
    expect(names(await list(`${at}&limit=500`))).toEqual(['p-0', 'p-1']);
    expect(names(await list(`${at}&resourceVersionMatch=NotOlderThan`))).toEqual(['p-1']);
    expect(names(await list(at))).toEqual(['p-1']);
    expect(names(await list('resourceVersion=0&limit=500'))).toEqual(['p-1']);
  });

  it('waits for no version of the future', async () => {
    for (const more of [
      '',
      '&resourceVersionMatch=Exact',
      '&watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
    ])
      expect(await list(`resourceVersion=999999999999999${more}`)).toMatchObject({
        code: 504,
        reason: 'Timeout',
        message: `Too large resource version: 999999999999999, current: ${on.store.version()}`,
        details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
      });
  });

  it.each([
    ['limit=x', 400, 'BadRequest', 'limit: "x" is not a whole number'],
    ['watch=1&timeoutSeconds=soon', 400, 'BadRequest', 'timeoutSeconds: "soon" is not a whole number'],
    [
      'continue=%21',
      400,
      'BadRequest',
      'invalid continue token: continue key is not valid: it cannot be decoded',
    ],
    [
      'continue=bnVsbA',
      400,
      'BadRequest',
      'continue key is not valid: server does not recognize this encoded version',
    ],
    [
      'continue=x&resourceVersion=5',
      400,
      'BadRequest',
      'specifying resource version is not allowed when using continue',
    ],
    ['resourceVersion=x', 422, 'Invalid', 'resourceVersion: Invalid value: "x"'],
    ['watch=1&resourceVersion=-1', 422, 'Invalid', 'resourceVersion: Invalid value: "-1"'],
    [
      'resourceVersionMatch=Exact',
      422,
      'Invalid',
      'is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    [
      'resourceVersion=0&resourceVersionMatch=Exact',
      422,
      'Invalid',
      'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    [
      'resourceVersion=5&resourceVersionMatch=Any',
      422,
      'Invalid',
      'Unsupported value: "Any": supported values: "Exact", "NotOlderThan", ""',
    ],
    [
      'sendInitialEvents=true',
      422,
      'Invalid',
      'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
    ],
    [
      'watch=1&sendInitialEvents=true',
      422,
      'Invalid',
      'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ],
    [
      'watch=1&resourceVersionMatch=NotOlderThan',
      422,
      'Invalid',
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
  ])('refuses %s with %i', async (query, code, reason, message) => {
    expect(await list(query)).toMatchObject({
      code,
      reason,
      message: expect.stringContaining(message),
      ...(code === 422 && {
        details: { kind: 'ListOptions', group: 'meta.k8s.io', causes: [{ field: expect.any(String) }] },
      }),
    });
  });

  it('comes in the first form that client and server share', async () => {
    createPods(1);
    const form = async (accept: string, path = pods) => {
      const answer = await on.call('GET', path, { headers: { accept } });
      const { kind, apiVersion, items } = answer.json() as unknown as List;
      return { status: answer.status, kind, apiVersion, item: items?.[0] };
    };
    const whole = { status: 200, kind: 'PodList', apiVersion: 'v1' };
    expect(await form('application/vnd.kubernetes.protobuf,application/json')).toMatchObject(whole);
    expect(await form('*/*')).toMatchObject(whole);
    expect(await form('application/json;as=Table;v=v1beta1;g=meta.k8s.io, application/json')).toMatchObject(
      whole,
    );
    const { generation: _generation, ...metadata } = on.store.get('pods', 'default', 'p-0')?.metadata ?? {};
    const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    expect(await form(metadataOnly)).toEqual({
      status: 200,
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      item: {
        kind: 'PartialObjectMetadata',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
      },
    });
    for (const path of [pods, `${pods}/p-0`])
      expect(await form('application/vnd.kubernetes.protobuf', path)).toMatchObject({
        status: 406,
        kind: 'Status',
      });
  });

  it('tells Events in their newer form too, selected by its names', async () => {
    const clock = manualClock(Date.UTC(2026, 0, 1, 0, 0, 0, 250));
    const record = eventRecorder(on.store, clock, 'kubelet');
    const about = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a', uid: 'u' };
    record(about, 'Normal', 'Started', 'main has started');
    record({ ...about, name: 'b' }, 'Normal', 'Started', 'main has started');
    clock.advance(1500);
    record(about, 'Normal', 'Started', 'main has started');
    const query = 'fieldSelector=regarding.name%3Da,reportingController%3Dkubelet';
    const newer = await on.call('GET', `/apis/events.k8s.io/v1/namespaces/default/events?${query}`);
    expect(newer.json()).toMatchObject({
      kind: 'EventList',
      apiVersion: 'events.k8s.io/v1',
      items: [
        {
          note: 'main has started',
          regarding: about,
          eventTime: '2026-01-01T00:00:00.250000Z',
          series: { count: 2, lastObservedTime: '2026-01-01T00:00:01.750000Z' },
          deprecatedFirstTimestamp: '2026-01-01T00:00:00Z',
          deprecatedLastTimestamp: '2026-01-01T00:00:01Z',
          deprecatedCount: 2,
        },
      ],
    });
    const older = await on.call('GET', '/api/v1/events?fieldSelector=involvedObject.name%3Da');
    expect(older.json().items).toMatchObject([{ kind: 'Event', message: 'main has started', count: 2 }]);
    const group = (await on.call('GET', '/apis/events.k8s.io/v1')).json() as unknown as {
      resources: object[];
    };
    expect(group.resources).toMatchObject([{ name: 'events', verbs: ['get', 'list', 'watch'] }]);
  });
});
