import { afterEach, describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/api/types/resources.js';
import { keepNode } from '../../../src/daemon/keep-node.js';
import type { EngineInfo } from '../../../src/kubelet/engine.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { startScheduler } from '../../../src/scheduler/start-scheduler.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';

const pod = (name: string, hostPort?: number): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: {
    containers: [{ name: 'main', image: 'a', ...(hostPort && { ports: [{ containerPort: 80, hostPort }] }) }],
  },
});
const settle = async () => {
  for (let task = 0; task < 10; task++) await new Promise((resolve) => setImmediate(resolve));
};

const info: EngineInfo = {
  engineId: 'one',
  kind: 'simulated',
  version: '1',
  apiVersion: '1',
  operatingSystem: 'none',
  architecture: 'none',
  cpus: 2,
  memoryBytes: 2 ** 30,
  hostReachesPods: false,
  concurrency: 2,
};

let close = () => {};
afterEach(() => close());

function world() {
  const clock = manualClock();
  const store = createObjectStore({ clock });
  close = startScheduler({ store, clock }).close;
  const scheduled = (name: string) =>
    store.get('pods', 'default', name)?.status?.conditions?.find((each) => each.type === 'PodScheduled');
  const nodeOf = (name: string) => store.get('pods', 'default', name)?.spec.nodeName;
  return { clock, store, scheduled, nodeOf };
}

describe('the scheduler', () => {
  it('binds a pod and says so', async () => {
    const { store, scheduled, nodeOf } = world();
    store.create('pods', pod('a'));
    await settle();
    expect(nodeOf('a')).toBe('minithena');
    expect(scheduled('a')).toMatchObject({ status: 'True' });
  });

  it("leaves a pod Pending in Kubernetes' words while another has its host port, and binds it after", async () => {
    const { store, scheduled, nodeOf } = world();
    store.create('pods', pod('a', 8080));
    store.create('pods', pod('b', 8080));
    store.create('pods', pod('c', 8081));
    await settle();
    expect([nodeOf('a'), nodeOf('b'), nodeOf('c')]).toEqual(['minithena', undefined, 'minithena']);
    expect(store.get('pods', 'default', 'b')?.status?.phase).toBe('Pending');
    expect(scheduled('b')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message:
        "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. Taken: 8080/TCP.",
    });
    store.remove('pods', { namespace: 'default', name: 'a' });
    await settle();
    expect(nodeOf('b')).toBe('minithena');
    expect(scheduled('b')?.message).toBeUndefined();
  });

  it('does not bind what is being deleted', async () => {
    const { store, nodeOf } = world();
    store.create('pods', pod('a'));
    store.markDeleted('pods', { namespace: 'default', name: 'a' });
    await settle();
    expect(nodeOf('a')).toBeUndefined();
  });

  it('writes nothing while nothing changes', async () => {
    const { clock, store } = world();
    store.create('pods', pod('a', 8080));
    store.create('pods', pod('b', 8080));
    await settle();
    const version = store.list('pods').resourceVersion;
    clock.advance(10_000);
    await settle();
    expect(store.list('pods').resourceVersion).toBe(version);
  });

  it('binds nothing while the Node is Unknown, and goes on when it is back', async () => {
    const { clock, store, nodeOf } = world();
    const tell = (reachable: boolean, message: string) =>
      keepNode({ store, clock, info, state: { reachable, message } });
    const ready = () => store.get('nodes', '', 'minithena')?.status?.conditions?.[0];
    tell(false, 'connection refused');
    expect(ready()).toMatchObject({ type: 'Ready', status: 'Unknown', message: 'connection refused' });
    store.create('pods', pod('a'));
    await settle();
    expect(nodeOf('a')).toBeUndefined();
    tell(true, '');
    await settle();
    expect(ready()).toMatchObject({ status: 'True' });
    expect(nodeOf('a')).toBe('minithena');
  });
});
