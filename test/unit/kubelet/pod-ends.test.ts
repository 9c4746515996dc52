import type { Container } from 'kubernetes-types/core/v1.js';
import { expect, it } from 'vitest';
import { world } from './world.js';

const sidecar = (name: string) => ({ name, image: 'i:1', restartPolicy: 'Always' }) as Container;
const condition = (w: Awaited<ReturnType<typeof world>>, type: string) =>
  w.get()?.status?.conditions?.find((each) => each.type === type);
const runningNames = (w: Awaited<ReturnType<typeof world>>) =>
  w.engine.containers().flatMap((c) => (c.state === 'running' ? [c.name.replace('c_ns_p_', '')] : []));

it.each([
  ['OnFailure', 0, 'Succeeded', 'PodCompleted'],
  ['Never', 0, 'Succeeded', 'PodCompleted'],
  ['Never', 3, 'Failed', 'PodFailed'],
])(
  'restartPolicy %s, exit code %d: %s, and sidecars end in reverse order',
  async (restartPolicy, code, phase, reason) => {
    const w = await world();
    w.add({ restartPolicy, initContainers: [sidecar('one'), sidecar('two')] });
    await w.pass(2000);
    expect(w.ready()).toBe('True');
    w.engine.exit('p', code, 'main');
    await w.pass(3000);
    expect(w.get()?.status?.phase).toBe(phase);
    expect(condition(w, 'Ready')).toMatchObject({ status: 'False', reason });
    expect(w.main()?.state?.terminated?.exitCode).toBe(code);
    expect(w.main()?.lastState).toBeUndefined();
    expect(w.engine.calls().filter((c) => c.startsWith('stop'))).toEqual([
      'stop c_ns_p_two',
      'stop c_ns_p_one',
    ]);
    await w.pass(20_000);
    expect(runningNames(w)).toEqual(['POD']);
    expect(w.kubelet.failures({ namespace: 'ns', name: 'p' }).map((each) => each.exitCode)).toEqual(
      code === 0 ? [] : [code],
    );
  },
);

it('is Pending while a container has not run, whatever the others do', async () => {
  const w = await world();
  w.engine.breakImage('none:1');
  w.add({
    containers: [
      { name: 'main', image: 'i:1' },
      { name: 'other', image: 'none:1' },
    ],
  });
  await w.pass(1000);
  expect(w.main()?.ready).toBe(true);
  expect(w.get()?.status?.phase).toBe('Pending');
  w.engine.breakImage('none:1', false);
  await w.pass(12_000);
  expect(w.get()?.status?.phase).toBe('Running');
});

it('names the init containers that are not through', async () => {
  const w = await world();
  w.add({
    initContainers: [
      { name: 'one', image: 'i:1' },
      { name: 'two', image: 'i:1' },
    ],
  });
  await w.pass(500);
  w.engine.exit('p', 0, 'one');
  await w.pass(500);
  expect(condition(w, 'Initialized')).toMatchObject({
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: 'containers with incomplete status: [two]',
  });
});

it('runs its init containers again when its sandbox was lost', async () => {
  const w = await world();
  w.add({ initContainers: [{ name: 'one', image: 'i:1' }, sidecar('side')] });
  await w.pass(500);
  w.engine.exit('p', 0, 'one');
  await w.pass(2000);
  expect(w.ready()).toBe('True');
  const sandbox = w.engine.containers().find((c) => c.name === 'c_ns_p_POD');
  const before = w.engine.calls().length;
  await w.engine.killContainer(sandbox?.containerId ?? '');
  await w.pass(2000);
  expect(runningNames(w)).toEqual(['POD', 'one_1']);
  expect(condition(w, 'Initialized')?.status).toBe('False');
  w.engine.exit('p', 0, 'one');
  await w.pass(3000);
  expect(w.ready()).toBe('True');
  const starts = w.engine
    .calls()
    .slice(before)
    .filter((c) => c.startsWith('start'));
  expect(starts).toEqual([
    'start c_ns_p_POD',
    'start c_ns_p_one_1',
    'start c_ns_p_side_1',
    'start c_ns_p_main_1',
  ]);
});

it('has failed when it ran longer than its activeDeadlineSeconds, also across a restart of the daemon', async () => {
  const w = await world();
  w.add({ activeDeadlineSeconds: 20 });
  await w.pass(19_000);
  expect(w.get()?.status?.phase).toBe('Running');
  await w.pass(3000);
  expect(w.get()?.status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' });
  expect(runningNames(w)).toEqual([]);
  expect(w.reasons()).toContain('DeadlineExceeded');
});

it('a preStop that sleeps takes of the grace; a shorter grace and the end of the container cut it short', async () => {
  const hooked = { lifecycle: { preStop: { sleep: { seconds: 20 } } } } as Partial<Container>;
  const containers = [{ name: 'main', image: 'i:1', ...hooked } as Container];
  const w = await world();
  for (const name of ['slept', 'forced', 'ended'])
    w.add({ containers, terminationGracePeriodSeconds: 60 }, name);
  await w.pass(1000);
  for (const name of ['slept', 'forced', 'ended']) w.store.markDeleted('pods', { namespace: 'ns', name });
  await w.pass(5000);
  expect(w.engine.calls().filter((c) => c.startsWith('stop'))).toEqual([]);
  w.store.markDeleted('pods', { namespace: 'ns', name: 'forced' }, 0);
  w.engine.exit('ended', 1);
  await w.pass(1000);
  expect(['slept', 'forced', 'ended'].map((name) => w.get(name) !== undefined)).toEqual([true, false, false]);
  await w.pass(15_000);
  expect(w.get('slept')).toBeUndefined();
});

it('shows in termination that it is not ready any more', async () => {
  const w = await world();
  let healthy = true;
  w.engine.onProbe(() => healthy);
  const readinessProbe = { httpGet: { port: 80 }, periodSeconds: 1, failureThreshold: 1 };
  const lifecycle = { preStop: { sleep: { seconds: 20 } } } as never;
  w.add({ containers: [{ name: 'main', image: 'i:1', readinessProbe, lifecycle }] });
  await w.pass(2000);
  expect(w.ready()).toBe('True');
  w.store.markDeleted('pods', { namespace: 'ns', name: 'p' });
  healthy = false;
  await w.pass(2000);
  expect(w.ready()).toBe('False');
  expect(w.reasons()).not.toContain('Unhealthy');
  await w.pass(30_000);
  expect(w.get()).toBeUndefined();
});

it('tells how its containers ended while a finalizer holds it', async () => {
  const w = await world();
  const { resourceVersion: _version, ...metadata } = w.add().metadata;
  await w.pass(500);
  w.store.update('pods', { ...w.get()!, metadata: { ...metadata, finalizers: ['a/b'] } });
  w.store.markDeleted('pods', { namespace: 'ns', name: 'p' });
  await w.pass(60_000);
  expect(w.engine.containers()).toEqual([]);
  expect(w.get()?.status?.phase).toMatch(/^(Succeeded|Failed)$/);
  expect(w.main()).toMatchObject({ ready: false, state: { terminated: { exitCode: expect.any(Number) } } });
  expect(w.ready()).toBe('False');
});

it('keeps why it failed although it is deleted in the same moment', async () => {
  const w = await world();
  w.add();
  await w.pass(500);
  w.engine.exit('p', 139);
  w.store.markDeleted('pods', { namespace: 'ns', name: 'p' });
  await w.pass(2000);
  expect(w.get()).toBeUndefined();
  w.add();
  expect(w.kubelet.failures({ namespace: 'ns', name: 'p' })).toMatchObject([
    { container: 'main', exitCode: 139, signal: 'SIGSEGV', log: expect.stringContaining('simulated') },
  ]);
});
