import { describe, expect, it } from 'vitest';
import type { ModelServing } from '../../../src/api/types/model-serving.js';
import { cleanups, settle, world } from './world.js';

const serving = {
  apiVersion: 'workload.serving.volcano.sh/v1alpha1',
  kind: 'ModelServing',
  metadata: { name: 'ms', namespace: 'ns', uid: 'ms-uid' },
  spec: { replicas: 1, template: { roles: [] } },
} as unknown as ModelServing;

describe('status is shown as soon as it changes', () => {
  it('during a long pull, while the pod’s other containers are looked after', async () => {
    const w = await world();
    w.engine.holdPulls(true);
    w.add({
      containers: [
        { name: 'slow', image: 'i', imagePullPolicy: 'Always' },
        { name: 'quick', image: 'j:1' },
      ],
    });
    await w.pass(1000);
    expect(w.waiting()).toEqual({ reason: 'ContainerCreating', message: 'Pulling image "i"' });
    expect(w.get()?.status?.podIP).toBe('10.16.0.2');
    expect(w.get()?.status?.containerStatuses?.[1]?.ready).toBe(true);
    w.engine.exit('p', 1, 'quick');
    await w.pass(1000);
    expect(w.get()?.status?.containerStatuses?.[1]).toMatchObject({ restartCount: 1, ready: true });
    expect(w.messages('Pulling')).toEqual(['Pulling image "i"']);
    w.engine.holdPulls(false);
    await w.pass(1000);
    expect(w.ready()).toBe('True');
    expect(w.engine.calls().filter((c) => c === 'pull i')).toHaveLength(1);
  });

  it('at the first step, before the engine has done anything', async () => {
    const w = await world({ createMs: 2000 });
    w.add();
    await w.pass(100);
    expect(w.waiting()?.reason).toBe('ContainerCreating');
    expect(w.get()?.status).toMatchObject({ phase: 'Pending', podIP: '10.16.0.2' });
    await w.pass(3000);
    expect(w.ready()).toBe('True');
  });

  it('shows a failed pull as such first and as its back-off a moment later', async () => {
    const w = await world();
    w.engine.breakImage('i:1');
    w.add({ containers: [{ name: 'main', image: 'i:1', imagePullPolicy: 'Always' }] });
    await w.pass(500);
    expect(w.waiting()?.reason).toBe('ErrImagePull');
    await w.pass(1000);
    expect(w.waiting()?.reason).toBe('ImagePullBackOff');
    w.engine.breakImage('i:1', false);
    await w.pass(10_000);
    expect(w.ready()).toBe('True');
  });

  it('begins a deletion although its report met a pass over the pod', async () => {
    const w = await world();
    w.add();
    await w.pass(105);
    // The pass that is under way reads the deleted Pod from the store before the watch tells of it.
    w.store.markDeleted('pods', { namespace: 'ns', name: 'p' });
    await w.pass(2000);
    expect(w.get()).toBeUndefined();
    expect(w.engine.containers()).toEqual([]);
  });

  it('says PodInitializing while init containers run', async () => {
    const w = await world();
    w.add({ initContainers: [{ name: 'first', image: 'i:1' }] });
    await w.pass(500);
    expect(w.waiting()?.reason).toBe('PodInitializing');
  });

  it('tells a pod’s life in kubectl’s words', async () => {
    const w = await world();
    w.add();
    await w.pass(500);
    w.engine.exit('p');
    await w.pass(1000);
    w.engine.exit('p');
    await w.pass(1000);
    w.add({ containers: [{ name: 'main', image: 'gone', imagePullPolicy: 'Always' }] }, 'q');
    w.engine.breakImage('gone');
    await w.pass(3000);
    w.store.markDeleted('pods', { namespace: 'ns', name: 'q' });
    await w.pass(15_000);
    w.store.markDeleted('pods', { namespace: 'ns', name: 'p' });
    await w.pass(1000);
    const told = w.store
      .list('events')
      .items.map((e) => `${e.reason}: ${e.message.replace(/\(.*\)/, '(uid)')}`)
      .sort();
    expect(told).toEqual([
      'BackOff: Back-off pulling image "gone"',
      'BackOff: Back-off restarting failed container main in pod p_ns(uid)',
      'Created: Created container main',
      'Failed: Failed to pull image "gone": manifest for gone not found (uid); check the name and tag of the image',
      'Killing: Stopping container main',
      'Pulled: Container image "i:1" already present on machine',
      'Pulling: Pulling image "gone"',
      'Started: Started container main',
    ]);
  });
});

describe('an engine’s image that cannot be pulled', () => {
  it('says that the stand-in can run in its place; another’s does not', async () => {
    const w = await world();
    for (const [name, image] of [
      ['p', 'vllm/vllm-openai:none'],
      ['q', 'other/none:1'],
    ] as const) {
      w.engine.breakImage(image);
      w.add({ containers: [{ name: 'main', image, imagePullPolicy: 'Always' }] }, name);
    }
    const image = 'amazon/aws-cli:2';
    w.engine.breakImage(image);
    const init = { name: 'model', image, args: ['s3', 'cp', 's3://b/m', '/m'] };
    w.add({ containers: [{ name: 'main', image: 'i:1' }], initContainers: [init] }, 'r');
    await w.pass(3000);
    const told = (name: string) =>
      w.store
        .list('events')
        .items.filter((e) => e.involvedObject.name === name && e.reason === 'Failed')
        .map((e) => e.message)
        .join();
    expect(told('p')).toMatch(/vllm-openai:none.*minithena up FILE --stand-in/);
    expect(told('r')).toMatch(/aws-cli:2.*minithena up FILE --stand-in/);
    expect(told('q')).toMatch(/other\/none/);
    expect(told('q')).not.toMatch(/stand-in/);
  });
});

describe('deaths around a gap', () => {
  it('a pod that was being deleted when the daemon was killed goes on being deleted, and is not run again', async () => {
    const w = await world({ stopMs: 10_000 });
    w.add({
      containers: [
        { name: 'quick', image: 'i:1' },
        { name: 'main', image: 'i:1' },
      ],
    });
    await w.pass(500);
    w.store.markDeleted('pods', { namespace: 'ns', name: 'p' });
    await settle();
    // Killed: what it had asked the engine for is under way, and more does not come.
    void w.kubelet.close();
    w.engine.exit('p', 0, 'quick');
    const starts = () => w.engine.calls().filter((call) => call.startsWith('start')).length;
    const before = starts();
    const later = w.boot();
    cleanups.push(() => later.kubelet.close());
    later.store.create('modelservings', serving);
    await later.kubelet.ready;
    expect(later.store.get('pods', 'ns', 'p')?.metadata).toMatchObject({
      deletionTimestamp: expect.any(String),
      deletionGracePeriodSeconds: 30,
    });
    await w.pass(30_000);
    expect(later.store.get('pods', 'ns', 'p')).toBeUndefined();
    expect(w.engine.containers()).toEqual([]);
    expect(starts()).toBe(before);
  });

  it('a pod that crashed while the daemon was away has failed, although it was the only one', async () => {
    const w = await world();
    w.add();
    await w.pass(500);
    await w.kubelet.close();
    w.engine.exit('p', 3);
    const later = w.boot();
    cleanups.push(() => later.kubelet.close());
    later.store.create('modelservings', serving);
    await w.pass(2000);
    const status = later.store.get('pods', 'ns', 'p')?.status?.containerStatuses?.[0];
    expect(status).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 3 } } });
    expect(later.store.list('events').items.map((e) => e.reason)).not.toContain('EngineRestarted');
  });

  it('an engine that restarted while the daemon was away has failed nobody', async () => {
    const w = await world();
    w.add();
    await w.pass(500);
    await w.kubelet.close();
    w.engine.restart();
    await settle();
    const later = w.boot();
    cleanups.push(() => later.kubelet.close());
    later.store.create('modelservings', serving);
    await later.kubelet.ready;
    // Nobody may take an adopted Pod for a new one, not even for a moment.
    expect(later.store.get('pods', 'ns', 'p')?.status?.podIP).toBe('10.16.0.2');
    await w.pass(2000);
    const status = later.store.get('pods', 'ns', 'p')?.status?.containerStatuses?.[0];
    expect(status).toMatchObject({ restartCount: 0, ready: true });
    expect(later.store.list('events').items.map((e) => e.reason)).toContain('EngineRestarted');
  });

  it('tells after a restart the conditions that others wrote, and goes by them', async () => {
    const w = await world();
    const gate = { type: 'x.test/gate', status: 'True' };
    const bare = w.add({ readinessGates: [{ conditionType: gate.type }] });
    w.add({}, 'of-serving');
    await w.pass(500);
    expect(w.ready()).toBe('False');
    for (const name of ['p', 'of-serving'])
      w.kubelet.keepMarks(w.get(name)?.metadata.uid ?? '', {
        labels: {},
        annotations: {},
        conditions: [gate],
      });
    await w.kubelet.close();
    const later = w.boot();
    cleanups.push(() => later.kubelet.close());
    later.store.create('modelservings', serving);
    const { resourceVersion: _version, ...metadata } = bare.metadata;
    const { status: _status, ...pod } = { ...bare, metadata };
    later.store.create('pods', pod);
    await later.kubelet.ready;
    await w.pass(500);
    const conditions = (name: string) => later.store.get('pods', 'ns', name)?.status?.conditions;
    expect(conditions('of-serving')).toContainEqual(gate);
    expect(conditions('p')).toContainEqual(gate);
    expect(conditions('p')?.find(({ type }) => type === 'Ready')?.status).toBe('True');
  });

  it.each([1, 3])(
    'deaths that are reported before contact is lost are no failures (%i pods)',
    async (count) => {
      const w = await world();
      const names = ['p', 'q', 'r'].slice(0, count);
      for (const name of names) w.add({}, name);
      await w.pass(1000);
      const callsBefore = w.engine.calls().length;
      const counts: (number | undefined)[] = [];
      w.store.watch('pods', ({ object }) => {
        counts.push(object.status?.containerStatuses?.[0]?.restartCount);
      });
      w.engine.restart({ reportsDeaths: true });
      await w.pass(5000);
      expect(names.map((name) => w.main(name))).toMatchObject(
        names.map(() => ({ restartCount: 0, ready: true })),
      );
      expect(counts.filter((c) => c !== 0)).toEqual([]);
      expect(w.engine.calls().slice(callsBefore).sort()).toEqual(names.map((n) => `start c_ns_${n}_main`));
      expect(w.reasons()).toContain('EngineRestarted');
    },
  );

  it('an engine that takes its time to go down is not believed about the deaths it reports', async () => {
    const w = await world();
    const probe = { tcpSocket: { port: 80 }, periodSeconds: 1, failureThreshold: 2 };
    const containers = [{ name: 'main', image: 'i:1', livenessProbe: probe, readinessProbe: probe }];
    for (const name of ['p', 'q']) w.add({ containers }, name);
    await w.pass(3000);
    expect(w.ready()).toBe('True');
    w.engine.restart({ reportsDeaths: true, lingersMs: 12_000 });
    w.engine.onProbe(() => false);
    await w.pass(11_000);
    w.engine.onProbe(undefined);
    expect(w.main()).toMatchObject({ restartCount: 0, ready: true });
    await w.pass(5000);
    expect(w.main()).toMatchObject({ restartCount: 0, ready: true });
    expect(w.main('q')).toMatchObject({ restartCount: 0, ready: true });
    expect(w.reasons()).toContain('EngineRestarted');
  });

  it('several that die at once on a living engine have failed, a little later', async () => {
    const w = await world();
    for (const name of ['p', 'q']) w.add({}, name);
    await w.pass(1000);
    for (const name of ['p', 'q']) w.engine.exit(name, 1);
    await w.pass(1000);
    expect(w.main()).toMatchObject({ restartCount: 0, ready: true });
    await w.pass(4000);
    expect(w.main()).toMatchObject({ restartCount: 1, ready: true });
    expect(w.main('q')).toMatchObject({ restartCount: 1, ready: true });
  });

  it('what was dead before contact was lost is not started as a survivor', async () => {
    const w = await world();
    w.add();
    w.add({ restartPolicy: 'OnFailure' }, 'done');
    await w.pass(1000);
    w.engine.exit('done', 0);
    await w.pass(1000);
    w.engine.restart();
    await w.pass(2000);
    expect(w.main()).toMatchObject({ restartCount: 0, ready: true });
    expect(w.get('done')?.status?.phase).toBe('Succeeded');
  });
});

describe('adoption', () => {
  it('remembers what probes said, so that a ready pod stays ready', async () => {
    const w = await world();
    const readinessProbe = { httpGet: { port: 80 }, periodSeconds: 60, initialDelaySeconds: 1 };
    w.add({ containers: [{ name: 'main', image: 'i:1', readinessProbe }] });
    await w.pass(2000);
    expect(w.ready()).toBe('True');
    const kept = w.get();
    await w.kubelet.close();
    const later = w.boot();
    cleanups.push(() => later.kubelet.close());
    const seen: unknown[] = [];
    later.store.watch('pods', ({ object }) => {
      const ready = object.status?.conditions?.find((c) => c.type === 'Ready');
      if (ready) seen.push(ready.status);
    });
    if (kept) {
      const { status: _s, ...pod } = kept;
      later.store.create('pods', pod);
    }
    await w.pass(500);
    expect(new Set(seen)).toEqual(new Set(['True']));
  });
});

describe('host ports', () => {
  it('a port of our choice that is taken is chosen anew at once; the others stay', async () => {
    const w = await world();
    const ports = [{ containerPort: 80 }, { containerPort: 90 }];
    w.add({ containers: [{ name: 'main', image: 'i:1', ports }] });
    await w.pass(500);
    const shown = () => w.get()?.metadata.annotations?.['minithena.dev/published-ports'];
    expect(shown()).toBe('80→127.0.0.1:49152,90→127.0.0.1:49153');
    w.engine.takePort(49152);
    w.engine.exit('p', 1);
    await w.pass(1000);
    expect(w.main()).toMatchObject({ restartCount: 1, ready: true });
    expect(shown()).toBe('80→127.0.0.1:49154,90→127.0.0.1:49153');
    expect(w.reasons()).not.toContain('Failed');
  });

  it('a port that the user wrote is named and waited for', async () => {
    const w = await world();
    w.engine.takePort(8080);
    w.add({ containers: [{ name: 'main', image: 'i:1', ports: [{ containerPort: 80, hostPort: 8080 }] }] });
    await w.pass(1000);
    expect(w.waiting()).toMatchObject({
      reason: 'RunContainerError',
      message: expect.stringContaining('host port 8080 is taken'),
    });
    expect(w.engine.calls().filter((c) => c.startsWith('start'))).toHaveLength(1);
    w.engine.takePort(8080, false);
    await w.pass(10_000);
    expect(w.main()).toMatchObject({ restartCount: 0, ready: true });
  });

  it('a taken port is not chosen anew for ever', async () => {
    const w = await world();
    w.add();
    await w.pass(500);
    for (let port = 49152; port < 49_300; port++) w.engine.takePort(port);
    w.engine.exit('p', 1);
    await w.pass(3000);
    expect(w.engine.calls().filter((c) => c.startsWith('start')).length).toBeLessThan(8);
    expect(w.waiting()?.reason).toBe('RunContainerError');
  });
});

describe('addresses', () => {
  it('one that somebody else has is given up for the next', async () => {
    const w = await world();
    w.engine.takeAddress('10.16.0.2');
    w.add();
    await w.pass(3000);
    expect(w.messages('Failed')).toEqual(['Address already in use']);
    expect(w.get()?.status?.podIP).toBe('10.16.0.3');
    expect(w.main()).toMatchObject({ restartCount: 0, ready: true });
  });
});

describe('memory volumes', () => {
  it('are held by the sandbox while the container is restarted, and go with the pod', async () => {
    const w = await world();
    w.add({
      volumes: [{ name: 'm', emptyDir: { medium: 'Memory' } }],
      containers: [{ name: 'main', image: 'i:1', volumeMounts: [{ name: 'm', mountPath: '/m' }] }],
    });
    await w.pass(1000);
    w.engine.exit('p', 1, 'main');
    await w.pass(1000);
    expect(w.main()).toMatchObject({ restartCount: 1, ready: true });
    const sandbox = w.engine.containers().find((c) => c.name === 'c_ns_p_POD');
    expect(sandbox?.state).toBe('running');
    expect(sandbox?.spec.mounts).toMatchObject([{ volume: 'c_ns_p_m' }]);
    expect(w.engine.calls().filter((c) => c === 'start c_ns_p_POD')).toHaveLength(1);
    w.store.markDeleted('pods', { namespace: 'ns', name: 'p' });
    await w.pass(1000);
    expect(await w.engine.listVolumes()).toEqual([]);
  });
});

it('finds networks and volumes that were left over by their labels', async () => {
  const w = await world();
  await w.engine.ensureNetwork('empty');
  await w.engine.ensureVolume('of-a-pod', { 'minithena.dev/pod-uid': 'gone' });
  await w.engine.ensureVolume('lasting', {});
  w.add();
  await w.pass(500);
  await w.kubelet.removeLeftovers(false);
  expect(await w.engine.listNetworks?.()).toEqual(['ns']);
  expect((await w.engine.listVolumes()).map((v) => v.name)).toEqual(['lasting']);
  await w.kubelet.removeLeftovers(true);
  expect(await w.engine.listVolumes()).toEqual([]);
  expect(w.main()?.ready).toBe(true);
});

it('does nothing on another engine that answers in its place, and says so', async () => {
  const w = await world();
  w.add();
  await w.pass(1000);
  const before = w.get();
  const { info } = w.engine;
  w.engine.info = async () => ({ ...(await info()), engineId: 'another' });
  w.engine.disconnect();
  await w.pass(100);
  w.engine.connect();
  await w.pass(5000);
  expect(w.kubelet.engineState()).toMatchObject({
    reachable: false,
    message: expect.stringContaining('another engine answers'),
  });
  expect(w.get()).toEqual(before);
  w.engine.info = info;
  await w.pass(5000);
  expect(w.kubelet.engineState().reachable).toBe(true);
});

it('the run before goes also when the engine went away as it was to go', async () => {
  const w = await world();
  w.add();
  await w.pass(1000);
  const { removeContainer } = w.engine;
  w.engine.removeContainer = (containerId) => {
    w.engine.disconnect();
    return removeContainer(containerId);
  };
  w.engine.exit('p', 1);
  await w.pass(1000);
  expect(w.engine.containers().map(({ state }) => state)).toEqual(['exited', 'created']);
  w.engine.removeContainer = removeContainer;
  w.engine.connect();
  await w.pass(5000);
  expect(w.engine.containers().map(({ state }) => state)).toEqual(['running']);
  expect(w.main()).toMatchObject({ ready: true, restartCount: 1 });
});
