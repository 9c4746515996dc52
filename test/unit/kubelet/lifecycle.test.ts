import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/api/types/resources.js';
import { cleanups, world } from './world.js';

describe('a pod on the simulated engine', () => {
  it('becomes Running and Ready, with address and published port', async () => {
    const w = await world();
    w.add();
    await w.pass(1000);
    expect(w.get()?.status).toMatchObject({ phase: 'Running', podIP: '10.16.0.2' });
    expect(w.ready()).toBe('True');
    expect(w.get()?.metadata.annotations).toEqual({ 'minithena.dev/published-ports': '80→127.0.0.1:49152' });
  });

  it('is not run before it is bound', async () => {
    const w = await world();
    const { nodeName: _n, ...spec } = w.add().spec;
    w.store.remove('pods', { namespace: 'ns', name: 'p' });
    await w.pass(500);
    w.store.create('pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'q', namespace: 'ns' }, spec });
    await w.pass(1000);
    expect(w.engine.containers().filter((c) => c.name.includes('_q_'))).toEqual([]);
  });

  it('runs init containers in order before the rest', async () => {
    const w = await world();
    w.add({
      initContainers: [
        { name: 'one', image: 'i:1' },
        { name: 'two', image: 'i:1' },
      ],
    });
    await w.pass(500);
    expect(w.engine.containers().map((c) => c.name)).toEqual(['c_ns_p_one']);
    w.engine.exit('p', 0, 'one');
    await w.pass(500);
    w.engine.exit('p', 0, 'two');
    await w.pass(500);
    expect(w.engine.calls().filter((c) => c.startsWith('start'))).toEqual([
      'start c_ns_p_one',
      'start c_ns_p_two',
      'start c_ns_p_main',
    ]);
    expect(w.ready()).toBe('True');
  });

  it('restarts at once the first time, then backs off as CrashLoopBackOff; the port stays', async () => {
    const w = await world();
    w.add();
    await w.pass(500);
    w.engine.exit('p', 7);
    await w.pass(500);
    expect(w.main()).toMatchObject({
      restartCount: 1,
      ready: true,
      lastState: { terminated: { exitCode: 7, reason: 'Error' } },
    });
    expect(w.get()?.metadata.annotations?.['minithena.dev/published-ports']).toBe('80→127.0.0.1:49152');
    w.engine.exit('p', 7);
    await w.pass(500);
    expect(w.main()).toMatchObject({
      restartCount: 1,
      ready: false,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
    });
    await w.pass(10_000);
    expect(w.main()).toMatchObject({ restartCount: 2, ready: true });
  });

  it('names the host path that is missing', async () => {
    const w = await world();
    w.add({ volumes: [{ name: 'v', hostPath: { path: '/no/such/path' } }] });
    await w.pass(500);
    expect(w.main()?.state?.waiting).toMatchObject({
      reason: 'CreateContainerConfigError',
      message: expect.stringContaining('/no/such/path'),
    });
  });

  it('is Ready only while its readiness probe says so, and restarted when liveness fails', async () => {
    const w = await world();
    let healthy = false;
    w.engine.onProbe(() => healthy);
    const readinessProbe = { httpGet: { port: 80 }, periodSeconds: 1, failureThreshold: 1 };
    w.add({ containers: [{ name: 'main', image: 'i:1', readinessProbe }] });
    w.add(
      {
        containers: [
          { name: 'main', image: 'i:1', livenessProbe: { ...readinessProbe, initialDelaySeconds: 5 } },
        ],
      },
      'l',
    );
    await w.pass(1500);
    expect(w.ready()).toBe('False');
    healthy = true;
    await w.pass(1500);
    expect(w.ready()).toBe('True');
    healthy = false;
    await w.pass(8000);
    expect(w.ready()).toBe('False');
    expect(w.main('l')?.restartCount).toBeGreaterThan(0);
    expect(w.main()?.restartCount).toBe(0);
  });

  it('goes with its containers when it is deleted', async () => {
    const w = await world();
    w.add({
      containers: [
        { name: 'a', image: 'i:1' },
        { name: 'b', image: 'i:1' },
      ],
    });
    await w.pass(1000);
    expect(w.engine.containers()).toHaveLength(3);
    w.store.markDeleted('pods', { namespace: 'ns', name: 'p' }, 5);
    await w.pass(1000);
    expect(w.engine.containers()).toEqual([]);
    expect(w.get()).toBeUndefined();
  });

  it('keeps its status while the engine is away, and loses nothing when the engine restarts', async () => {
    const w = await world();
    w.add();
    await w.pass(500);
    const before = w.get();
    w.engine.restart();
    w.engine.disconnect();
    await w.pass(1000);
    expect(w.get()?.status).toEqual(before?.status);
    w.engine.connect();
    await w.pass(1000);
    expect(w.main()).toMatchObject({ restartCount: 0, ready: true });
    expect(w.engine.containers().map((c) => c.name)).toEqual(['c_ns_p_main']);
    expect(w.store.list('events').items.map((e) => e.reason)).toContain('EngineRestarted');
  });
});

it('adopts what runs after the daemon was killed, and leaves alone what no ModelServing claims', async () => {
  const w = await world();
  const owner = { apiVersion: 'v', kind: 'ModelServing', name: 'ms', uid: 'ms-uid', controller: true };
  const pod = (name: string, uid: string): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'ns', ownerReferences: [{ ...owner, uid }] },
    spec: { nodeName: 'minithena', containers: [{ name: 'main', image: 'i:1' }] },
  });
  const kept = w.store.create('pods', pod('kept', 'ms-uid'));
  w.store.create('pods', pod('stray', 'other'));
  await w.pass(500);
  const { startTime } = w.store.get('pods', 'ns', 'kept')?.status ?? {};
  await w.pass(5000);
  await w.kubelet.close();
  const callsBefore = w.engine.calls().length;

  const { store, kubelet } = w.boot();
  cleanups.push(() => kubelet.close());
  store.create('modelservings', {
    apiVersion: 'workload.serving.volcano.sh/v1alpha1',
    kind: 'ModelServing',
    metadata: { name: 'ms', namespace: 'ns', uid: 'ms-uid' },
    spec: {
      replicas: 1,
      recoveryPolicy: 'None',
      rolloutStrategy: { type: 'ServingGroupRollingUpdate' },
      template: { restartGracePeriodSeconds: 0, roles: [] },
    },
  });
  await w.pass(500);
  await kubelet.ready;
  expect(store.list('pods').items.map((p) => [p.metadata.name, p.metadata.uid])).toEqual([
    ['kept', kept.metadata.uid],
  ]);
  expect([store.get('pods', 'ns', 'kept')?.status?.startTime, typeof startTime]).toEqual([
    startTime,
    'string',
  ]);
  expect(w.engine.calls().length).toBe(callsBefore);
  expect(w.engine.containers()).toHaveLength(2);
  await kubelet.removeLeftovers(false);
  expect(w.engine.containers().map((c) => c.name)).toEqual(['c_ns_kept_main']);
});
