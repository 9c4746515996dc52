import { afterEach, describe, expect, it } from 'vitest';
import type { ModelServing, RoleSpec } from '../../../src/api/types/model-serving.js';
import type { Pod } from '../../../src/api/types/resources.js';
import { type Controller, startController } from '../../../src/controller/start-controller.js';
import { AppError } from '../../../src/lib/app-error.js';
import { silentLogger } from '../../../src/lib/logger.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';
import type { ObjectStore } from '../../../src/store/object-store.js';
import type { ModelServingRecord, Records } from '../../../src/store/records.js';

let controller: Controller | undefined;
afterEach(() => controller?.close());

/** The controller over a store whose pods are moved by hand, with records in memory. */
function world(seed: ModelServingRecord[] = []) {
  const clock = manualClock();
  const plain = createObjectStore({ clock });
  const log: string[] = [];
  const store: ObjectStore = {
    ...plain,
    create(resource, object) {
      if (resource === 'pods') log.push(`pod ${object.metadata.name}`);
      return plain.create(resource, object);
    },
  };
  const kept = new Map(seed.map((each) => [each.name, each]));
  const disk = { full: false };
  const records: Records = {
    all: () => [...kept.values()],
    get: (_namespace, name) => kept.get(name),
    write(record) {
      if (disk.full) throw new AppError('StateNotWritable', 'no space left on device');
      log.push('record');
      kept.set(record.name, structuredClone(record));
    },
    remove: (_namespace, name) => void kept.delete(name),
    revisions: () => [],
    writeRevision: () => {
      if (disk.full) throw new AppError('StateNotWritable', 'no space left on device');
      log.push('revision');
    },
    removeRevision: () => log.push('no revision'),
  };
  controller = startController({ store, clock, records, logger: silentLogger, rules: 'ordinal' });
  const settle = async () => {
    for (let task = 0; task < 30; task++) await new Promise((resolve) => setImmediate(resolve));
  };
  const at = (name: string) => ({ namespace: 'default', name });
  const setReady = async (pods: readonly Pod[] = store.list('pods').items, ready = true) => {
    for (const { metadata } of pods) {
      const conditions = [{ type: 'Ready', status: ready ? ('True' as const) : ('False' as const) }];
      store.updateStatus('pods', { ...metadata, uid: metadata.uid ?? '' }, { phase: 'Running', conditions });
    }
    await settle();
  };
  return {
    clock,
    store,
    kept,
    log,
    disk,
    settle,
    setReady,
    at,
    pods: () => store.list('pods').items.map((each) => each.metadata.name),
    serving: (name = 'sample') => store.get('modelservings', 'default', name),
    holds: () =>
      store
        .list('scalingoperations')
        .items.at(-1)
        ?.status.holds.map((each) => each.reason),
    events: () => store.list('events').items.map((each) => `${each.reason} ×${each.count}`),
  };
}

const role = (workerReplicas = 0, replicas = 1): RoleSpec => ({
  name: 'prefill',
  replicas,
  workerReplicas,
  entryTemplate: { spec: { containers: [{ name: 'c', image: 'a' }] } },
  ...(workerReplicas > 0 && { workerTemplate: { spec: { containers: [{ name: 'c', image: 'a' }] } } }),
});
const serving = (replicas: number, roles = [role()], name = 'sample'): ModelServing => ({
  apiVersion: 'workload.serving.volcano.sh/v1alpha1',
  kind: 'ModelServing',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    recoveryPolicy: 'RoleRecreate',
    rolloutStrategy: { type: 'ServingGroupRollingUpdate' },
    template: { restartGracePeriodSeconds: 0, roles },
  },
});

describe('the controller', () => {
  it('writes revision and record before the first pod that relies on them', async () => {
    const w = world();
    w.store.create('modelservings', serving(1));
    await w.settle();
    expect(w.log.slice(0, 3)).toEqual(['revision', 'record', 'pod sample-0-prefill-0-0']);
  });

  it('keeps the first template also when the partition protects every ordinal, so that one that is lost comes back from it', async () => {
    const w = world();
    const rolloutStrategy = {
      type: 'ServingGroupRollingUpdate',
      rollingUpdateConfiguration: { partition: '100%' },
    } as const;
    const first = serving(2);
    w.store.create('modelservings', { ...first, spec: { ...first.spec, rolloutStrategy } });
    for (let ordinal = 0; ordinal < 2; ordinal++) {
      await w.settle();
      await w.setReady();
    }
    const { updateRevision } = w.serving()?.status ?? {};
    const newer = serving(2, [
      { ...role(), entryTemplate: { spec: { containers: [{ name: 'c', image: 'b' }] } } },
    ]);
    w.store.update('modelservings', { ...w.serving()!, spec: { ...newer.spec, rolloutStrategy } });
    await w.settle();
    w.store.remove('pods', { namespace: 'default', name: 'sample-1-prefill-0-0' });
    await w.settle();
    const back = w.store.get('pods', 'default', 'sample-1-prefill-0-0')!;
    expect(back.metadata.labels?.['modelserving.volcano.sh/revision']).toBe(updateRevision);
    expect(back.spec.containers[0]?.image).not.toBe('b');
    expect(w.serving()?.status).toMatchObject({ updatedReplicas: 0, currentRevision: updateRevision });
  });

  it('comes to rest: what it wrote itself makes it write nothing more', async () => {
    const w = world();
    w.store.create('modelservings', serving(1));
    await w.settle();
    await w.setReady();
    const version = w.store.list('pods').resourceVersion;
    const written = w.log.length;
    w.clock.advance(60_000);
    await w.settle();
    expect(w.store.list('pods').resourceVersion).toBe(version);
    expect(w.log.length).toBe(written);
    expect(w.serving()?.status).toMatchObject({ observedGeneration: 1, availableReplicas: 1 });
  });

  it('does nothing while the record cannot be written, says why, and goes on when it can', async () => {
    const w = world();
    w.store.create('modelservings', serving(2));
    await w.settle();
    await w.setReady();
    await w.setReady();
    expect(w.pods().length).toBe(2);
    w.disk.full = true;
    const { resourceVersion: _version, ...metadata } = w.serving()!.metadata;
    w.store.update('modelservings', { ...serving(1), metadata });
    await w.settle();
    expect(w.store.list('pods').items.some((each) => each.metadata.deletionTimestamp)).toBe(false);
    expect(w.holds()).toContain('StateNotWritable');
    w.disk.full = false;
    w.clock.advance(5_000);
    await w.settle();
    expect(w.store.get('pods', 'default', 'sample-1-prefill-0-0')?.metadata.deletionTimestamp).toBeDefined();
    expect(
      w.store.get('pods', 'default', 'sample-0-prefill-0-0')?.metadata.deletionTimestamp,
    ).toBeUndefined();
    expect(w.holds()).not.toContain('StateNotWritable');
  });

  it('makes the whole instance anew when one of its pods is deleted, also when the news comes late', async () => {
    const w = world();
    w.store.create('modelservings', serving(1, [role(1)]));
    await w.settle();
    await w.setReady();
    const [entry, worker] = w.store.list('pods').items;
    // In one task: a pass that the first write causes already misses the worker.
    w.store.updateStatus(
      'pods',
      { ...entry!.metadata, uid: entry!.metadata.uid! },
      { ...entry!.status, message: 'x' },
    );
    w.store.remove('pods', worker!.metadata);
    await w.settle();
    expect(w.store.get('pods', 'default', entry!.metadata.name)?.metadata.deletionTimestamp).toBeDefined();
    expect(w.events()).toContain('PodLost ×1');
    w.store.remove('pods', entry!.metadata);
    await w.settle();
    expect(w.pods()).toEqual(['sample-0-prefill-0-0', 'sample-0-prefill-0-1']);
    expect(w.store.list('services').items.map((each) => each.metadata.name)).toEqual([
      'sample-0-prefill-0-0',
    ]);
  });

  it('shows an instance that is made anew as new, and counts one that is still to be made', async () => {
    const w = world();
    w.store.create('modelservings', serving(1));
    await w.settle();
    await w.setReady();
    const instance = () => w.store.get('roles', 'default', 'sample-0-prefill-0')?.metadata;
    const first = instance();
    const fail = async () => {
      w.clock.advance(1000);
      const { metadata } = w.store.list('pods').items[0]!;
      w.store.updateStatus('pods', { ...metadata, uid: metadata.uid! }, { phase: 'Failed' });
      await w.settle();
      w.store.remove('pods', metadata);
      await w.settle();
    };
    await fail();
    expect(instance()?.uid).not.toBe(first?.uid);
    expect(instance()?.creationTimestamp).not.toBe(first?.creationTimestamp);
    await fail();
    expect(instance()).toBeUndefined();
    expect(w.store.get('servinggroups', 'default', 'sample-0')?.status).toMatchObject({
      reason: 'BackOff',
      readyPods: 0,
      totalPods: 1,
    });
  });

  it('shows what comes back at a deleted ordinal as another object, of its own age', async () => {
    const w = world();
    w.store.create('modelservings', serving(1));
    await w.settle();
    await w.setReady();
    const shown = () => ({
      group: w.store.get('servinggroups', 'default', 'sample-0')!.metadata,
      role: w.store.get('roles', 'default', 'sample-0-prefill-0')!.metadata,
    });
    const before = shown();
    w.clock.advance(60_000);
    const [old] = w.store.list('pods').items;
    const spec = serving(1, [
      { ...role(), entryTemplate: { spec: { containers: [{ name: 'c', image: 'b' }] } } },
    ]).spec;
    w.store.update('modelservings', { ...w.serving()!, spec });
    await w.settle();
    expect(shown().group.uid).toBe(before.group.uid);
    w.store.remove('pods', old!.metadata);
    await w.settle();
    const after = shown();
    for (const kind of ['group', 'role'] as const) {
      expect(after[kind].uid).not.toBe(before[kind].uid);
      expect(Date.parse(after[kind].creationTimestamp ?? '')).toBeGreaterThan(
        Date.parse(before[kind].creationTimestamp ?? ''),
      );
    }
  });

  it('completes an instance that the start found incomplete, and replaces nothing', async () => {
    const w = world();
    w.store.create('modelservings', serving(1, [role(1)]));
    await w.settle();
    await w.setReady();
    await controller?.close();
    const next = world([...w.kept.values()]);
    const { resourceVersion: _version, ...metadata } = w.serving()!.metadata;
    next.store.create('modelservings', { ...serving(1, [role(1)]), metadata });
    const entry = w.store.list('pods').items[0]!;
    const { resourceVersion: _old, ...podMetadata } = entry.metadata;
    next.store.create('pods', { ...entry, metadata: podMetadata });
    await next.settle();
    expect(next.pods()).toEqual(['sample-0-prefill-0-0', 'sample-0-prefill-0-1']);
    expect(next.store.list('pods').items[0]?.metadata.uid).toBe(entry.metadata.uid);
    expect(next.store.list('pods').items[0]?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('makes no pass while the engine is away', async () => {
    const w = world();
    const node = w.store.create('nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'minithena', namespace: '' },
      spec: {},
      status: { conditions: [{ type: 'Ready', status: 'Unknown' }] },
    });
    w.store.create('modelservings', serving(1));
    await w.settle();
    expect(w.pods()).toEqual([]);
    const uid = node.metadata.uid ?? '';
    w.store.updateStatus(
      'nodes',
      { ...node.metadata, uid },
      { conditions: [{ type: 'Ready', status: 'True' }] },
    );
    await w.settle();
    expect(w.pods()).toEqual(['sample-0-prefill-0-0']);
  });

  it('waits for the pods of a namesake and never adopts them', async () => {
    const w = world();
    w.store.create('modelservings', serving(1));
    await w.settle();
    const old = w.store.list('pods').items[0]!;
    await controller?.close();
    const next = world();
    const { resourceVersion: _version, ...metadata } = old.metadata;
    next.store.create('pods', { ...old, metadata });
    next.store.create('modelservings', serving(1));
    await next.settle();
    expect(next.store.list('pods').items.map((each) => each.metadata.uid)).toEqual([old.metadata.uid]);
    next.store.remove('pods', metadata);
    await next.settle();
    expect(next.pods()).toEqual(['sample-0-prefill-0-0']);
    expect(next.store.list('pods').items[0]?.metadata.uid).not.toBe(old.metadata.uid);
  });

  it('shows a spec that does not validate as a condition and an event, once', async () => {
    const w = world();
    w.store.create('modelservings', serving(0));
    await w.settle();
    const { resourceVersion: _version, ...metadata } = w.serving()!.metadata;
    const annotations = { 'minithena.dev/invalid-spec': 'V4 a.yaml:3:5 replicas must be a number' };
    w.store.update('modelservings', { ...serving(0), metadata: { ...metadata, annotations } });
    await w.settle();
    const conditions = () => w.serving()?.status?.conditions.filter((each) => each.status === 'True');
    expect(conditions()?.find((each) => each.type === 'SpecInvalid')).toMatchObject({
      reason: 'V4',
      message: 'a.yaml:3:5 replicas must be a number',
    });
    expect(w.events().filter((each) => each.startsWith('SpecInvalid'))).toEqual(['SpecInvalid ×1']);
    w.store.update('modelservings', { ...serving(0), metadata });
    await w.settle();
    expect(conditions()?.some((each) => each.type === 'SpecInvalid')).toBe(false);
  });

  it('tells a hold only when it lasts, and once', async () => {
    const w = world();
    w.store.create('modelservings', serving(1));
    await w.settle();
    expect(w.events().some((each) => each.startsWith('PodsNotReady'))).toBe(false);
    w.clock.advance(11_000);
    await w.settle();
    w.clock.advance(60_000);
    await w.settle();
    expect(w.events().filter((each) => each.startsWith('PodsNotReady'))).toEqual(['PodsNotReady ×1']);
  });

  it('says what a spec would cause, and does nothing of it', async () => {
    const w = world();
    w.store.create('modelservings', serving(1));
    await w.settle();
    await w.setReady();
    const version = w.store.list('pods').resourceVersion;
    const stages = controller!.simulate(serving(2)).map((each) => each.cells.join(' ').trim());
    expect(stages).toEqual(['✅', '✅ ⏳', '✅ ✅']);
    await w.settle();
    expect(w.store.list('pods').resourceVersion).toBe(version);
  });

  it('removes a deleted ModelServing with its records after its last pod, and leaves the other alone', async () => {
    const w = world();
    w.store.create('modelservings', serving(1));
    w.store.create('modelservings', serving(1, [role()], 'sample-1'));
    await w.settle();
    await w.setReady();
    w.store.markDeleted('modelservings', w.at('sample'));
    await w.settle();
    expect(w.serving()).toBeDefined();
    expect(w.store.get('pods', 'default', 'sample-0-prefill-0-0')?.metadata.deletionTimestamp).toBeDefined();
    w.store.remove('pods', w.at('sample-0-prefill-0-0'));
    await w.settle();
    expect(w.serving()).toBeUndefined();
    expect([...w.kept.keys()]).toEqual(['sample-1']);
    expect(w.pods()).toEqual(['sample-1-0-prefill-0-0']);
    expect(w.store.list('servinggroups').items.map((each) => each.metadata.name)).toEqual(['sample-1-0']);
  });
});
