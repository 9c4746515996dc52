import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeGpus } from '../../../src/api/node-gpus.js';
import { nodeOptionsProblem, parseCapacity, parseGpus } from '../../../src/api/node-options.js';
import { nodeText } from '../../../src/cli/node-options.js';
import { chooseGpus, uuidsOf } from '../../../src/daemon/discover-gpus.js';
import { nodeCapacity } from '../../../src/daemon/node-capacity.js';
import { openNode } from '../../../src/daemon/open-node.js';
import { openState } from '../../../src/daemon/open-state.js';
import type { EngineInfo } from '../../../src/kubelet/engine.js';
import { silentLogger } from '../../../src/lib/logger.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';

const info: EngineInfo = {
  engineId: 'one',
  kind: 'simulated',
  version: '1',
  apiVersion: '1',
  operatingSystem: 'none',
  architecture: 'none',
  cpus: 8,
  memoryBytes: 2 ** 35,
  hostReachesPods: false,
  concurrency: 2,
};

describe('--gpus', () => {
  it.each([
    ['auto', { kind: 'auto' }],
    ['none', { kind: 'ids', ids: [] }],
    ['0', { kind: 'ids', ids: [] }],
    ['2', { kind: 'ids', ids: ['0', '1'] }],
    ['fake:2', { kind: 'ids', ids: ['fake-0', 'fake-1'] }],
    ['1,3', { kind: 'ids', ids: ['1', '3'] }],
    ['3,', { kind: 'ids', ids: ['3'] }],
    ['GPU-8a56,GPU-9b', { kind: 'ids', ids: ['GPU-8a56', 'GPU-9b'] }],
    ['GPU-8a56', { kind: 'ids', ids: ['GPU-8a56'] }],
    ['nvidia.com/gpu=0', { kind: 'ids', ids: ['nvidia.com/gpu=0'] }],
    ['-1', undefined],
    ['', undefined],
    [',', undefined],
    ['1,,2', undefined],
    ['1,1', undefined],
    ['2000', undefined],
    ['fake:', undefined],
    ['fake:x', undefined],
    ['lots', undefined],
    ['a;b,c', undefined],
  ])('%s', (text, expected) => {
    expect(parseGpus(text)).toEqual(expected);
  });
});

describe('--capacity and --gpu-slots', () => {
  it.each([
    [['memory=64Gi', 'huawei.com/ascend=8'], { amounts: { memory: '64Gi', 'huawei.com/ascend': '8' } }],
    [['none'], { amounts: {} }],
  ])('%s', (entries, expected) => {
    expect(parseCapacity(entries)).toEqual(expected);
  });

  it.each([
    [
      { capacity: ['memory'] },
      '--capacity memory: NAME=QUANTITY is expected, as in memory=64Gi or rdma/hca=4',
    ],
    [
      { capacity: ['cpu=much'] },
      '--capacity cpu=much: "much" is no quantity; write it as in a Pod: 4, 500m, 64Gi',
    ],
    [
      { capacity: ['a/b/c=1'] },
      '--capacity a/b/c=1: NAME=QUANTITY is expected, as in memory=64Gi or rdma/hca=4',
    ],
    [
      { capacity: ['nvidia.com/gpu=2'] },
      '--capacity nvidia.com/gpu=2: GPUs have ids, so --gpus says how many there are',
    ],
    [{ gpuSlots: 0 }, '--gpu-slots: a whole number from 1 to 64'],
    [{ gpuSlots: Number('x') }, '--gpu-slots: a whole number from 1 to 64'],
    [{ gpus: 'x' }, '--gpus x: a count, device ids separated by commas, none, auto or fake:COUNT'],
    [{ gpus: 'none', gpuSlots: 2, capacity: ['cpu=1'] }, undefined],
  ])('%j', (options, problem) => {
    expect(nodeOptionsProblem(options)).toBe(problem);
  });
});

describe('discovery', () => {
  const engine = (more: Partial<EngineInfo>): EngineInfo => ({ ...info, kind: 'docker', ...more });
  const listed = ['GPU-1', 'GPU-2'];
  it.each([
    [
      'a local engine with the runtime',
      engine({ isLocal: true, runtimes: ['runc', 'nvidia'] }),
      listed,
      false,
      listed,
      undefined,
    ],
    [
      'a local engine with the toolkit',
      engine({ isLocal: true, runtimes: ['runc'] }),
      listed,
      true,
      listed,
      undefined,
    ],
    [
      'devices without either',
      engine({ isLocal: true, runtimes: ['runc'] }),
      listed,
      false,
      [],
      /^2 NVIDIA GPUs are here, .*Container Toolkit$/,
    ],
    [
      'CDI names',
      engine({ cdiDevices: ['nvidia.com/gpu=0', 'nvidia.com/gpu=GPU-1', 'nvidia.com/gpu=all', 'x.com/y=1'] }),
      [],
      false,
      ['nvidia.com/gpu=0'],
      undefined,
    ],
    [
      'CDI names by UUID',
      engine({ cdiDevices: ['nvidia.com/gpu=GPU-1', 'nvidia.com/gpu=all'] }),
      [],
      false,
      ['nvidia.com/gpu=GPU-1'],
      undefined,
    ],
    [
      'the runtime on another machine',
      engine({ isLocal: false, runtimes: ['nvidia'] }),
      [],
      false,
      [],
      /--gpus COUNT/,
    ],
    ['nothing', engine({ isLocal: true }), [], false, [], undefined],
  ] as const)('%s', (_what, about, found, hook, ids, note) => {
    const chosen = chooseGpus(about, found, hook);
    expect(chosen.ids).toEqual(ids);
    if (note) expect(chosen.note).toMatch(note);
    else expect(chosen.note).toBeUndefined();
  });

  it('reads what nvidia-smi -L says', () => {
    const output =
      'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5d5b)\n  MIG 1g.5gb Device 0: (UUID: MIG-1)\nGPU 1: NVIDIA A100 (UUID: GPU-77)\n';
    expect(uuidsOf(output)).toEqual(['GPU-5d5b', 'GPU-77']);
    expect(uuidsOf('No devices were found\n')).toEqual([]);
  });
});

describe('the Node', () => {
  it('has what the engine has, its GPUs times slots, and what was said otherwise', () => {
    const found = { ids: ['GPU-1', 'GPU-2'] };
    expect(nodeCapacity(info, {}, found).amounts).toEqual({
      cpu: '8',
      memory: '33554432Ki',
      'nvidia.com/gpu': '2',
    });
    const said = nodeCapacity(info, { gpus: 'fake:1', gpuSlots: 3, capacity: ['cpu=2', 'a/b=1'] }, found);
    expect(said).toEqual({
      amounts: { cpu: '2', memory: '33554432Ki', 'nvidia.com/gpu': '3', 'a/b': '1' },
      gpus: { ids: ['fake-0'], slots: 3 },
    });
    expect(nodeCapacity(info, { gpus: 'none' }, found).amounts).not.toHaveProperty('nvidia.com/gpu');
  });

  it('changes at once, keeps what was said over restarts, and refuses what it does not understand', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'node-'));
    const open = async () => {
      const store = createObjectStore({ clock: manualClock() });
      const state = openState(directory);
      const node = await openNode({ store, clock: manualClock(), info, state, logger: silentLogger });
      node.tell({ reachable: true, message: '' });
      return { node, shown: () => store.get('nodes', '', 'minithena') };
    };
    const first = await open();
    expect(first.shown()?.status?.allocatable).toEqual({ cpu: '8', memory: '33554432Ki' });
    first.node.change({ gpus: 'fake:2' });
    first.node.change({ gpuSlots: 2, capacity: ['a/b=1'] });
    expect(first.shown()?.status?.allocatable).toMatchObject({ 'nvidia.com/gpu': '4', 'a/b': '1' });
    expect(nodeGpus(first.shown())).toEqual({ ids: ['fake-0', 'fake-1'], slots: 2 });
    expect(() => first.node.change({ gpus: 'lots' })).toThrow('--gpus lots');
    const second = await open();
    expect(second.shown()?.status?.capacity).toEqual(first.shown()?.status?.capacity);
    const summary = second.node.summary();
    expect(nodeText(summary)).toBe(
      'cpu 8, memory 32Gi, nvidia.com/gpu 4 (fake-0, fake-1; 2 containers on each), a/b 1',
    );
    second.node.change({ gpus: 'auto', gpuSlots: 1, capacity: ['none'] });
    expect(second.shown()?.status?.allocatable).toEqual({ cpu: '8', memory: '33554432Ki' });
    expect(nodeGpus(second.shown())).toEqual({ ids: [], slots: 1 });
    expect(nodeText(second.node.summary())).toBe('cpu 8, memory 32Gi, no GPUs');
    rmSync(directory, { recursive: true });
  });
});
