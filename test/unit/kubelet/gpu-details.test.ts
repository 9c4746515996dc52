import { describe, expect, it } from 'vitest';
import { formatGpuAssignment, parseGpuAssignment } from '../../../src/api/gpu-assignment.js';
import type { ModelServing } from '../../../src/api/types/model-serving.js';
import type { Pod } from '../../../src/api/types/resources.js';
import { createOptions } from '../../../src/kubelet/docker/create-options.js';
import { containerSpecs } from '../../../src/kubelet/map/container-spec.js';
import type { PodSurroundings } from '../../../src/kubelet/map/pod-surroundings.js';
import { rebuildPod } from '../../../src/kubelet/rebuild-pod.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';

const around: PodSurroundings = {
  cluster: { name: 'c', id: 'id1' },
  podIp: '10.1.0.5',
  hostIp: '10.1.0.1',
  cpus: 4,
  memoryBytes: 2 ** 33,
  hostPorts: {},
};
const pod = (gpus: string | undefined, env: { name: string; value: string }[] = []): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'p',
    namespace: 'ns',
    uid: 'u1',
    ...(gpus !== undefined && { annotations: { 'minithena.dev/gpus': gpus } }),
  },
  spec: {
    containers: [
      { name: 'vllm', image: 'vllm/vllm-openai', env },
      { name: 'proxy', image: 'envoy', env },
    ],
  },
});
/** What the engine is asked for, of each container but the sandbox. */
const asked = (made: Pod, gpus: PodSurroundings['gpus']) =>
  containerSpecs(made, { ...around, ...(gpus && { gpus }) })
    .slice(1)
    .map((spec) => {
      const body = createOptions(spec, {
        cpus: 4,
        isPodman: false,
        networkName: (name) => name,
        folderOf: () => undefined,
      });
      return {
        ...(body.HostConfig?.DeviceRequests && { requests: body.HostConfig.DeviceRequests }),
        env: body.Env?.filter((each) => each.startsWith('NVIDIA') || each.startsWith('CUDA')),
        label: body.Labels?.['minithena.dev/gpus'],
      };
    });

describe('GPUs of containers', () => {
  it('devices by id and never by count, the variable, the label; "void" for the others', () => {
    const node = { ids: ['GPU-a', 'GPU-b'], slots: 1 };
    expect(asked(pod('vllm=GPU-a,GPU-b'), node)).toEqual([
      {
        requests: [{ Driver: '', DeviceIDs: ['GPU-a', 'GPU-b'], Capabilities: [['gpu']] }],
        env: ['NVIDIA_VISIBLE_DEVICES=GPU-a,GPU-b'],
        label: 'GPU-a,GPU-b',
      },
      { env: ['NVIDIA_VISIBLE_DEVICES=void'], label: undefined },
    ]);
  });

  it('fake ones are told and not asked for', () => {
    expect(asked(pod('vllm=fake-1'), { ids: ['fake-0', 'fake-1'], slots: 1 })).toEqual([
      { env: ['NVIDIA_VISIBLE_DEVICES=1'], label: 'fake-1' },
      { env: ['NVIDIA_VISIBLE_DEVICES=void'], label: undefined },
    ]);
  });

  it('CDI names go to the driver of that name', () => {
    const id = 'nvidia.com/gpu=0';
    expect(asked(pod(`vllm=${id}`), { ids: [id], slots: 1 })[0]).toEqual({
      requests: [{ Driver: 'cdi', DeviceIDs: [id] }],
      env: ['NVIDIA_VISIBLE_DEVICES=0'],
      label: id,
    });
  });

  it('what the scheduler gave wins over the variable that the pod sets; without GPUs the pod has its own way', () => {
    const env = [{ name: 'NVIDIA_VISIBLE_DEVICES', value: 'all' }];
    const told = asked(pod('vllm=0', env), { ids: ['0'], slots: 1 });
    expect(told.map((each) => each.env)).toEqual([
      ['NVIDIA_VISIBLE_DEVICES=0'],
      ['NVIDIA_VISIBLE_DEVICES=all'],
    ]);
  });

  it('a node without GPUs changes nothing', () => {
    expect(asked(pod(undefined), undefined)).toEqual([
      { env: [], label: undefined },
      { env: [], label: undefined },
    ]);
  });
});

describe('the annotation', () => {
  it('says what was given, and is read back', () => {
    const gpus = { vllm: ['0', '1'], proxy: [], other: ['nvidia.com/gpu=0'] };
    const text = formatGpuAssignment(gpus);
    expect(text).toBe('vllm=0,1;other=nvidia.com/gpu=0');
    expect(parseGpuAssignment(text)).toEqual({ vllm: ['0', '1'], other: ['nvidia.com/gpu=0'] });
    expect([undefined, '', 'x', '=1', 'a='].map(parseGpuAssignment)).toEqual([{}, {}, {}, {}, {}]);
  });

  it('stands on every container, the sandbox too, and comes back with the Pod from any of them', () => {
    const specs = containerSpecs(pod('vllm=1'), around);
    expect(specs.map(({ labels }) => labels['minithena.dev/pod-gpus'])).toEqual(Array(3).fill('vllm=1'));
    const store = createObjectStore({ clock: manualClock() });
    const owner = {
      apiVersion: 'x',
      kind: 'ModelServing',
      metadata: { name: 'm', namespace: 'ns', uid: 'u' },
    };
    for (const { labels, name, image } of specs) {
      const details = { containerId: name, name, image, labels, state: 'running' as const };
      const ran = { ...details, imageId: '', exitCode: 0, oomKilled: false, error: '', ports: [] };
      const { annotations } = rebuildPod(store, owner as unknown as ModelServing, [ran]).metadata;
      expect(annotations).toEqual({ 'minithena.dev/gpus': 'vllm=1' });
    }
    expect(containerSpecs(pod(undefined), around)[0]?.labels).not.toHaveProperty('minithena.dev/pod-gpus');
  });
});
