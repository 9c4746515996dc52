import { afterEach, describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/api/types/resources.js';
import { podRequest } from '../../../src/core/pod-request.js';
import { keepNode } from '../../../src/daemon/keep-node.js';
import type { NodeCapacity } from '../../../src/daemon/node-capacity.js';
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

describe('with what the Node has', () => {
  const capacity = (gpus: number, more: Record<string, string> = {}): NodeCapacity => ({
    amounts: { cpu: '2', memory: '1Gi', ...(gpus > 0 && { 'nvidia.com/gpu': String(gpus) }), ...more },
    gpus: { ids: Array.from({ length: gpus }, (_, at) => String(at)), slots: 1 },
  });
  const asking = (name: string, limits: Record<string, string>): Pod => {
    const made = pod(name);
    return { ...made, spec: { containers: [{ name: 'main', image: 'a', resources: { limits } }] } };
  };
  const on = (first: NodeCapacity) => {
    const found = world();
    const has = (amounts: NodeCapacity) =>
      keepNode({ ...found, info, state: { reachable: true, message: '' }, capacity: amounts });
    has(first);
    const failures = (name: string) =>
      found.store
        .list('events')
        .items.filter((each) => each.involvedObject.name === name && each.reason === 'FailedScheduling')
        .map((each) => `${each.type} x${each.count}: ${each.message}`);
    return { ...found, has, failures };
  };

  it('says once what is missing, and binds when the Node has more', async () => {
    const { store, has, failures, nodeOf, scheduled } = on(capacity(1));
    store.create('pods', asking('a', { 'nvidia.com/gpu': '1' }));
    store.create('pods', asking('b', { 'nvidia.com/gpu': '1' }));
    await settle();
    for (const name of ['c', 'd']) {
      store.create('pods', pod(name));
      await settle();
    }
    const short = '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (1 requested, 0 free).';
    expect(failures('b')).toEqual([`Warning x1: ${short}`]);
    expect(scheduled('b')).toMatchObject({ status: 'False', reason: 'Unschedulable', message: short });
    has(capacity(2));
    await settle();
    expect(nodeOf('b')).toBe('minithena');
    expect(store.get('pods', 'default', 'b')?.metadata.annotations).toEqual({
      'minithena.dev/gpus': 'main=1',
    });
    expect(store.get('pods', 'default', 'c')?.metadata.annotations).toBeUndefined();
  });

  it('a Pod that ended needs nothing any more: room, device and host port are free', async () => {
    const { store, nodeOf } = on(capacity(1));
    const both = (name: string): Pod => {
      const made = asking(name, { 'nvidia.com/gpu': '1', memory: '1Gi' });
      const [container] = made.spec.containers;
      return {
        ...made,
        spec: {
          containers: [{ ...container, name: 'main', ports: [{ containerPort: 80, hostPort: 8080 }] }],
        },
      };
    };
    store.create('pods', both('a'));
    store.create('pods', both('b'));
    await settle();
    expect([nodeOf('a'), nodeOf('b')]).toEqual(['minithena', undefined]);
    const at = store.get('pods', 'default', 'a');
    store.updateStatus(
      'pods',
      { namespace: 'default', name: 'a', uid: at?.metadata.uid ?? '' },
      { phase: 'Succeeded' },
    );
    await settle();
    expect(nodeOf('b')).toBe('minithena');
    expect(store.get('pods', 'default', 'b')?.metadata.annotations).toEqual({
      'minithena.dev/gpus': 'main=0',
    });
  });

  it('a member of a gang that ended has started all the same: the rest does not wait for it', async () => {
    const { store, nodeOf, scheduled } = on(capacity(1));
    const member = (role: string): Pod => {
      const made = asking(`s-0-${role}-0-0`, { 'nvidia.com/gpu': '1' });
      const labels = {
        'modelserving.volcano.sh/name': 's',
        'modelserving.volcano.sh/group-name': 's-0',
        'modelserving.volcano.sh/role': role,
        'modelserving.volcano.sh/role-id': `${role}-0`,
      };
      return { ...made, metadata: { ...made.metadata, labels } };
    };
    const role = (name: string) => ({ name, replicas: 1, workerReplicas: 0, entryTemplate: {} });
    store.create('modelservings', {
      apiVersion: 'workload.serving.volcano.sh/v1alpha1',
      kind: 'ModelServing',
      metadata: { name: 's', namespace: 'default' },
      spec: {
        replicas: 1,
        recoveryPolicy: 'None',
        rolloutStrategy: { type: 'ServingGroupRollingUpdate' },
        template: {
          restartGracePeriodSeconds: 0,
          gangPolicy: { minRoleReplicas: {} },
          roles: [role('prefill'), role('decode')],
        },
      },
    });
    store.create('pods', member('prefill'));
    await settle();
    expect(scheduled('s-0-prefill-0-0')?.message).toContain('0 of 1 instances of decode exist');
    const prefill = store.get('pods', 'default', 's-0-prefill-0-0') as Pod;
    const at = { namespace: 'default', name: 's-0-prefill-0-0', uid: prefill.metadata.uid ?? '' };
    store.update('pods', { ...prefill, spec: { ...prefill.spec, nodeName: 'minithena' } });
    store.updateStatus('pods', at, { phase: 'Failed' });
    store.create('pods', member('decode'));
    await settle();
    expect(nodeOf('s-0-decode-0-0')).toBe('minithena');
  });

  it('what ran before it started keeps its devices and is told to be scheduled', async () => {
    const { store, nodeOf, scheduled } = on(capacity(2));
    const ran = asking('a', { 'nvidia.com/gpu': '1' });
    store.create('pods', {
      ...ran,
      metadata: { ...ran.metadata, annotations: { 'minithena.dev/gpus': 'main=0' } },
      spec: { ...ran.spec, nodeName: 'minithena' },
    });
    store.create('pods', asking('b', { 'nvidia.com/gpu': '1' }));
    store.create('pods', asking('c', { 'nvidia.com/gpu': '1' }));
    await settle();
    expect(scheduled('a')).toMatchObject({ status: 'True' });
    expect([nodeOf('b'), nodeOf('c')]).toEqual(['minithena', undefined]);
    expect(store.get('pods', 'default', 'b')?.metadata.annotations).toEqual({
      'minithena.dev/gpus': 'main=1',
    });
  });

  it.each([
    ['cpu', { cpu: '1500m' }, '0/1 nodes are available: 1 Insufficient cpu (1500m requested, 500m free).'],
    [
      'memory',
      { memory: '600Mi' },
      '0/1 nodes are available: 1 Insufficient memory (600Mi requested, 424Mi free).',
    ],
    [
      'an extended resource',
      { 'a/b': '2' },
      '0/1 nodes are available: 1 Insufficient a/b (2 requested, 1 free).',
    ],
  ])('%s is counted', async (_what, limits, message) => {
    const { store, scheduled } = on(capacity(0, { 'a/b': '3' }));
    store.create('pods', asking('a', limits));
    store.create('pods', asking('b', limits));
    await settle();
    expect(scheduled('b')?.message).toBe(message);
  });

  it('a cpu limit above the node counts as all of it; a request is meant', async () => {
    const { store, nodeOf, scheduled } = on(capacity(0));
    store.create('pods', asking('a', { cpu: '8' }));
    const meant = asking('b', { cpu: '8' });
    const [container] = meant.spec.containers;
    const resources = { limits: { cpu: '8' }, requests: { cpu: '3' } };
    store.create('pods', { ...meant, spec: { containers: [{ ...container, name: 'main', resources }] } });
    await settle();
    expect(nodeOf('a')).toBe('minithena');
    expect(scheduled('b')?.message).toContain(
      '1 Insufficient cpu (3 requested, 2 in all). This can never fit',
    );
  });

  it('warns once when vLLM engines on one device claim more memory than it has', async () => {
    const { store, has } = on(capacity(1));
    has({ amounts: { cpu: '2', 'nvidia.com/gpu': '2' }, gpus: { ids: ['0'], slots: 2 } });
    const engine = (name: string, args: string[]): Pod => {
      const made = asking(name, { 'nvidia.com/gpu': '1' });
      return {
        ...made,
        spec: {
          containers: made.spec.containers.map((each) => ({ ...each, image: 'vllm/vllm-openai:v1', args })),
        },
      };
    };
    store.create('pods', engine('a', ['--gpu-memory-utilization=0.4']));
    store.create('pods', engine('b', ['--model', 'm']));
    await settle();
    store.create('pods', pod('c'));
    await settle();
    const warnings = store.list('events').items.filter((each) => each.reason === 'GPUMemoryOvercommitted');
    expect(warnings.map((each) => `${each.involvedObject.name} x${each.count}: ${each.message}`)).toEqual([
      'b x1: on GPU 0 the --gpu-memory-utilization of 2 pods adds up to 1.3 (a 0.4, b 0.9): set them so that they stay below 0.95 together',
    ]);
  });
});

describe('what a Pod asks for', () => {
  const request = (spec: Partial<Pod['spec']>) =>
    podRequest({ ...pod('a'), spec: { containers: [], ...spec } as Pod['spec'] }).request;
  const container = (cpu: string, more: object = {}) => ({
    name: 'x',
    image: 'a',
    resources: { requests: { cpu } },
    ...more,
  });
  it.each([
    ['all containers', { containers: [container('100m'), container('0.2')] }, 300],
    [
      'an init container that needs more',
      { containers: [container('1')], initContainers: [container('3')] },
      3000,
    ],
    [
      'init containers one after another',
      { containers: [container('1')], initContainers: [container('2'), container('2')] },
      2000,
    ],
    [
      'a sidecar with everything after it',
      {
        containers: [container('1')],
        initContainers: [container('2'), container('1', { restartPolicy: 'Always' }), container('2')],
      },
      3000,
    ],
  ])('%s', (_what, spec, cpu) => {
    expect(request(spec).cpu).toBe(cpu);
  });

  it('takes the limit where no request is written, and nothing where neither is', () => {
    const resources = { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '1' } };
    expect(request({ containers: [{ name: 'x', resources }, { name: 'y' }] })).toEqual({
      cpu: 1000,
      memory: 2 ** 30,
    });
  });
});
