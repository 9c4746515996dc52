import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConfigMap, ControllerRevision, Namespace, Pod } from '../../../src/api/types/resources.js';
import { collectGarbage } from '../../../src/controller/collect-garbage.js';
import { endNamespaces } from '../../../src/controller/end-namespaces.js';
import { keepRevisions } from '../../../src/controller/keep-revisions.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';
import { keepObjects } from '../../../src/store/kept-objects.js';
import { openObjectFiles } from '../../../src/store/object-files.js';
import { openRecords } from '../../../src/store/records.js';
import { openWatchedMarks } from '../../../src/store/watched-marks.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

function world() {
  const clock = manualClock();
  const directory = mkdtempSync(join(tmpdir(), 'minithena-objects-'));
  closers.push(() => rmSync(directory, { recursive: true }));
  const store = createObjectStore({ clock });
  const kept = keepObjects({
    store,
    files: openObjectFiles(directory),
    marks: openWatchedMarks(directory),
    clock,
    onProblem: () => {},
  });
  closers.push(() => kept.close());
  const run = (part: { close(): void }) => closers.push(() => part.close());
  const settle = async () => {
    for (let task = 0; task < 20; task++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { store, kept, clock, run, settle, directory };
}
const configMap = (name: string, more: Partial<ConfigMap['metadata']> = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'team', ...more },
});
const pod = (name: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'team' },
  spec: { containers: [{ name: 'main', image: 'a' }] },
});
const namespace = (name: string, more: Partial<Namespace['metadata']> = {}): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, namespace: '', ...more },
});
const ownedBy = (
  owner: { kind: string; metadata: { name: string; uid?: string } },
  uid = owner.metadata.uid,
) => ({
  apiVersion: 'v1',
  kind: owner.kind,
  name: owner.metadata.name,
  uid: uid ?? '',
});

describe('what goes with what', () => {
  it('deletes what a namespace holds, and itself when its pods have ended and nothing holds it', async () => {
    const { store, kept, clock, run, settle, directory } = world();
    run(endNamespaces({ store, kept, clock }));
    kept.create('namespaces', namespace('team', { finalizers: ['a/b'] }));
    kept.create('configmaps', configMap('one'));
    kept.create('pods', pod('p'));
    kept.remove('namespaces', store.get('namespaces', '', 'team')!);
    await settle();
    expect(store.get('configmaps', 'team', 'one')).toBeUndefined();
    expect(store.get('pods', 'team', 'p')?.metadata.deletionTimestamp).toBeDefined();
    expect(store.get('namespaces', '', 'team')?.status?.phase).toBe('Terminating');
    const waits = () =>
      store.get('namespaces', '', 'team')?.status?.conditions?.map(({ message }) => message);
    expect(waits()).toEqual(['Some resources are remaining: pods has 1 resource instances']);
    const { version } = store;
    const before = version();
    kept.update('pods', { ...store.get('pods', 'team', 'p')! });
    await settle();
    expect(version()).toBe(before);
    const freed = store.get('namespaces', '', 'team')!;
    const { finalizers: _held, ...unheld } = freed.metadata;
    kept.update('namespaces', { ...freed, metadata: unheld });
    await settle();
    expect(store.get('namespaces', '', 'team')?.metadata.deletionTimestamp).toBeDefined();
    kept.update('namespaces', { ...store.get('namespaces', '', 'team')!, metadata: freed.metadata });
    store.remove('pods', { namespace: 'team', name: 'p' });
    await settle();
    const { finalizers: _gone, ...metadata } = store.get('namespaces', '', 'team')!.metadata;
    kept.update('namespaces', { ...store.get('namespaces', '', 'team')!, metadata });
    await settle();
    expect(store.get('namespaces', '', 'team')).toBeUndefined();
    expect(readdirSync(join(directory, 'objects', 'namespaces'))).toEqual([]);
    expect(readdirSync(join(directory, 'objects', 'pods'))).toEqual([]);
  });

  it('collects what all owners have left, and nothing whose owner lives or is unknown here', async () => {
    const { store, kept, run, settle } = world();
    const [first, second] = ['first', 'second'].map((name) => kept.create('configmaps', configMap(name)));
    kept.create('configmaps', configMap('of-one', { ownerReferences: [ownedBy(first!)] }));
    kept.create(
      'configmaps',
      configMap('of-both', { ownerReferences: [first!, second!].map((each) => ownedBy(each)) }),
    );
    const stranger = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd', uid: 'u' };
    kept.create('configmaps', configMap('of-stranger', { ownerReferences: [stranger] }));
    store.create('configmaps', configMap('of-a-file', { ownerReferences: [ownedBy(first!)] }));
    run(collectGarbage({ store, kept }));
    const left = () => store.list('configmaps').items.map(({ metadata }) => metadata.name);
    await settle();
    expect(left()).toEqual(['first', 'of-a-file', 'of-both', 'of-one', 'of-stranger', 'second']);
    kept.remove('configmaps', first!);
    await settle();
    expect(left()).toEqual(['of-a-file', 'of-both', 'of-stranger', 'second']);
    kept.remove('configmaps', second!);
    await settle();
    expect(left()).toEqual(['of-a-file', 'of-stranger']);
    kept.create('configmaps', configMap('first'));
    kept.create('configmaps', configMap('late', { ownerReferences: [ownedBy(first!)] }));
    await settle();
    expect(left()).toEqual(['first', 'of-a-file', 'of-stranger']);
  });

  it('deletes what blocks an owner first where that is deleted in the foreground, all the way down', async () => {
    const { store, kept, run, settle } = world();
    run(collectGarbage({ store, kept }));
    const held = (name: string, owner: ReturnType<typeof configMap>, more: object = {}) =>
      kept.create(
        'configmaps',
        configMap(name, { ownerReferences: [{ ...ownedBy(owner), blockOwnerDeletion: true }], ...more }),
      ) as ConfigMap;
    const owner = kept.create('configmaps', configMap('owner')) as ConfigMap;
    const child = held('child', owner);
    held('grandchild', child, { finalizers: ['a/b'] });
    const other = kept.create('configmaps', configMap('other')) as ConfigMap;
    const both = [owner, other].map((each) => ({ ...ownedBy(each), blockOwnerDeletion: true }));
    kept.create('configmaps', configMap('of-both', { ownerReferences: both }));
    const left = () => store.list('configmaps').items.map(({ metadata }) => metadata.name);
    kept.remove('configmaps', kept.holdForDependents('configmaps', owner));
    await settle();
    expect(left()).toEqual(['child', 'grandchild', 'of-both', 'other', 'owner']);
    const deepest = store.get('configmaps', 'team', 'grandchild')!;
    expect(deepest.metadata.deletionTimestamp).toBeDefined();
    const { finalizers: _gone, ...metadata } = deepest.metadata;
    kept.update('configmaps', { ...deepest, metadata });
    await settle();
    expect(left()).toEqual(['of-both', 'other']);
  });

  it('lets go of owners in the foreground that own each other, or nothing', async () => {
    const { store, kept, run, settle } = world();
    run(collectGarbage({ store, kept }));
    const first = kept.create('configmaps', configMap('first')) as ConfigMap;
    const blocking = (owner: ConfigMap) => [{ ...ownedBy(owner), blockOwnerDeletion: true }];
    const second = kept.create(
      'configmaps',
      configMap('second', { ownerReferences: blocking(first) }),
    ) as ConfigMap;
    const round = { ...first, metadata: { ...first.metadata, ownerReferences: blocking(second) } };
    const alone = kept.create('configmaps', configMap('alone'));
    kept.remove('configmaps', kept.holdForDependents('configmaps', alone));
    kept.remove('configmaps', kept.holdForDependents('configmaps', kept.update('configmaps', round)));
    await settle();
    expect(store.list('configmaps').items).toEqual([]);
  });

  it('leaves what was owned where the owner is deleted with Orphan', async () => {
    const { store, kept, run, settle } = world();
    run(collectGarbage({ store, kept }));
    const owner = kept.create('configmaps', configMap('owner'));
    kept.create('configmaps', configMap('child', { ownerReferences: [ownedBy(owner)] }));
    kept.orphan(owner);
    kept.remove('configmaps', owner);
    await settle();
    expect(store.get('configmaps', 'team', 'child')?.metadata.ownerReferences).toBeUndefined();
  });

  it('brings a revision back that pods are of, and forgets one that only the history has', async () => {
    const { store, run, settle, directory } = world();
    const records = openRecords(directory);
    run(keepRevisions({ store, records }));
    const at = { name: 'ms', namespace: 'team' };
    store.create('modelservings', {
      apiVersion: 'workload.serving.volcano.sh/v1alpha1',
      kind: 'ModelServing',
      metadata: at,
      spec: {} as never,
    });
    const label = (revision: string) => ({
      'modelserving.volcano.sh/name': 'ms',
      'modelserving.volcano.sh/revision': revision,
    });
    for (const revision of ['old', 'used']) {
      const made: ControllerRevision = {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: { name: `ms-${revision}`, namespace: 'team', labels: label(revision) },
        revision: 1,
        data: { roles: [] },
      };
      records.writeRevision(made);
      store.create('controllerrevisions', made);
    }
    const used = pod('ms-0');
    store.create('pods', { ...used, metadata: { ...used.metadata, labels: label('used') } });
    for (const name of ['ms-old', 'ms-used'])
      store.remove('controllerrevisions', { namespace: 'team', name });
    await settle();
    expect(store.list('controllerrevisions').items.map(({ metadata }) => metadata.name)).toEqual(['ms-used']);
    expect(records.revisions()).toHaveLength(1);
  });
});

it('holds back a removal until the last finalizer is gone, and no longer', async () => {
  const store = createObjectStore({ clock: manualClock() });
  const { metadata, ...rest } = pod('held');
  store.create('pods', { ...rest, metadata: { ...metadata, finalizers: ['a/b'] } });
  store.remove('pods', metadata);
  const held = store.get('pods', 'team', 'held')!;
  expect(held.metadata).toMatchObject({
    deletionTimestamp: expect.any(String),
    deletionGracePeriodSeconds: 0,
  });
  store.remove('pods', metadata);
  expect(store.get('pods', 'team', 'held')).toBe(held);
  const { finalizers: _gone, resourceVersion: _version, ...free } = held.metadata;
  const heard: string[] = [];
  store.watch('pods', ({ type }) => heard.push(type));
  store.update('pods', { ...held, metadata: free });
  expect(store.get('pods', 'team', 'held')).toBeUndefined();
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual(['DELETED']);
});
