import { describe, expect, it } from 'vitest';
import { schedulingWord } from '../../../src/api/scheduling-word.js';
import { decide } from '../../../src/scheduler/decide.js';
import type { Capacity, Gang, PodFacts } from '../../../src/scheduler/facts.js';
import { facts, instance, node } from './facts.js';

const look = (pods: PodFacts[], capacity: Capacity, gangs: Gang[] = []) => {
  const { placements, waits } = decide({ pods, capacity, gangs });
  return {
    placed: placements.map(({ pod, gpus }) => `${pod.name} ${Object.values(gpus).flat().join(',')}`.trim()),
    waits: Object.fromEntries(waits.map(({ pod, message }) => [pod.name, message])),
    started: placements.filter(({ start }) => start).map(({ pod }) => pod.name),
    placements,
  };
};
const bound = (pod: PodFacts, ids: string[], ready = true): PodFacts => ({
  ...pod,
  state: 'bound',
  ready,
  gpus: ids.length > 0 ? { main: ids } : {},
});

describe('what is missing, in words', () => {
  it.each([
    [
      'a GPU',
      [bound(facts('a', { gpu: 1 }), ['0']), facts('b', { gpu: 2 })],
      node(2),
      '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (2 requested, 1 free).',
      'InsufficientGPU',
    ],
    [
      'more GPUs than there are',
      [facts('b', { gpu: 4 })],
      node(2),
      '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (4 requested, 2 in all). This can never fit; ask for less, or see `minithena up --help` for --gpus and --gpu-slots.',
      'InsufficientGPU',
    ],
    [
      'any GPU',
      [facts('b', { gpu: 1 })],
      node(0),
      '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (1 requested, 0 in all). This can never fit: the node has no GPUs (`minithena up FILE --stand-in` runs vLLM and SGLang without, `--gpus N` says which there are).',
      'InsufficientGPU',
    ],
    [
      'cpu and memory',
      [
        bound(facts('a', { request: { cpu: 7500, memory: 30 * 2 ** 30 } }), []),
        facts('b', { request: { cpu: 1000, memory: 4 * 2 ** 30 } }),
      ],
      node(0),
      '0/1 nodes are available: 1 Insufficient cpu (1 requested, 500m free), 1 Insufficient memory (4Gi requested, 2Gi free).',
      'InsufficientCPU',
    ],
    [
      'an extended resource that nobody declared',
      [facts('b', { request: { 'huawei.com/ascend': 8 } })],
      node(0),
      '0/1 nodes are available: 1 Insufficient huawei.com/ascend (8 requested, 0 in all). This can never fit; ask for less, or say what there is with `minithena up FILE --capacity huawei.com/ascend=N`.',
      'InsufficientResource',
    ],
    [
      'a host port and memory',
      [
        bound(facts('a', { hostPorts: ['80/TCP'], request: { memory: 2 ** 35 } }), []),
        facts('b', { hostPorts: ['80/TCP'], request: { memory: 1024 } }),
      ],
      node(0),
      "0/1 nodes are available: 1 Insufficient memory (1Ki requested, 0 free), 1 node(s) didn't have free ports for the requested pod ports. Taken: 80/TCP.",
      'InsufficientMemory',
    ],
  ])('%s', (_what, pods, capacity, message, word) => {
    const found = look(pods, capacity).waits.b;
    expect(found).toBe(message);
    expect(schedulingWord(found ?? '')).toBe(word);
  });

  it('ephemeral storage is what the machine has, unless somebody says how much', () => {
    const pods = [facts('a', { request: { 'ephemeral-storage': 2 ** 50 } })];
    expect(look(pods, node(0)).placed).toEqual(['a']);
    expect(look(pods, node(0, { 'ephemeral-storage': 2 ** 40 })).placed).toEqual([]);
  });

  it('while the node is unknown nothing but its GPUs is limited', () => {
    const pods = [facts('a', { request: { cpu: 1e9 } }), facts('b', { gpu: 1 })];
    expect(look(pods, { amounts: undefined, gpuIds: [], gpuSlots: 1 }).placed).toEqual(['a']);
  });
});

describe('order', () => {
  it('goes by age, and within a ModelServing by ordinal, role and index, however old', () => {
    const pods = [
      ...instance(1, 'decode', 0, { createdMs: 10 }),
      facts('late', { createdMs: 30 }),
      ...instance(0, 'prefill', 1, { createdMs: 40 }),
      ...instance(0, 'prefill', 0, { createdMs: 50, size: 2 }).reverse(),
      ...instance(0, 'decode', 0, { createdMs: 40 }),
      facts('early', { createdMs: 5 }),
    ];
    expect(look(pods, node(0)).placed).toEqual([
      'early',
      's-0-decode-0-0',
      's-0-prefill-0-0',
      's-0-prefill-0-1',
      's-0-prefill-1-0',
      's-1-decode-0-0',
      'late',
    ]);
  });

  it("nobody's turn changes because another was placed", () => {
    const extra = instance(0, 'decode', 0, { request: { cpu: 2000 }, size: 2, createdMs: 1 });
    const old = instance(1, 'prefill', 0);
    const late = facts('late', { request: { cpu: 1000 }, createdMs: 1 });
    const busy = bound(facts('busy', { request: { cpu: 1000 } }), []);
    const gangs = [{ group: 'default/s-0', minimum: {} }];
    const capacity = node(0, { cpu: 4000 });
    expect(look([...extra, ...old, late, busy], capacity, gangs).placed).toEqual(['s-1-prefill-0-0']);
    const then = [...extra, ...old.map((pod) => bound(pod, [])), late, busy];
    expect(look(then, capacity, gangs).placed).toEqual([]);
  });

  it('a pod alone that does not fit keeps nobody behind it waiting', () => {
    const pods = [facts('big', { gpu: 2 }), facts('small', { gpu: 1, createdMs: 1 })];
    const other = bound(facts('a', { gpu: 1 }), ['1']);
    expect(look([other, ...pods], node(2)).placed).toEqual(['small 0']);
  });
});

describe('devices', () => {
  it('are exclusive, and free again when their pod is gone', () => {
    const a = bound(facts('a', { gpu: 1 }), ['0']);
    expect(look([a, facts('b', { gpu: 1 })], node(2)).placed).toEqual(['b 1']);
    expect(look([facts('b', { gpu: 1 })], node(2)).placed).toEqual(['b 0']);
  });

  it('a device that the node lost takes nothing from those it has', () => {
    expect(
      look([bound(facts('a', { gpu: 1 }), ['GPU-gone']), facts('b', { gpu: 2 })], node(2)).placed,
    ).toEqual(['b 0,1']);
  });

  it('each container has its own, and an init container those of the containers after it', () => {
    const pod = facts('p', {
      request: { 'nvidia.com/gpu': 3 },
      gpuAsks: [
        { container: 'download', kind: 'init', count: 2 },
        { container: 'proxy', kind: 'sidecar', count: 1 },
        { container: 'a', kind: 'app', count: 1 },
        { container: 'b', kind: 'app', count: 1 },
      ],
    });
    expect(look([pod], node(3)).placements[0]?.gpus).toEqual({
      proxy: ['0'],
      a: ['1'],
      b: ['2'],
      download: ['0', '1'],
    });
    expect(look([pod], node(2)).waits.p).toContain('(3 requested, 2 in all)');
  });

  it('an init container after a sidecar leaves it its device', () => {
    const pod = facts('p', {
      request: { 'nvidia.com/gpu': 2 },
      gpuAsks: [
        { container: 'proxy', kind: 'sidecar', count: 1 },
        { container: 'download', kind: 'init', count: 1 },
        { container: 'a', kind: 'app', count: 1 },
      ],
    });
    expect(look([pod], node(2)).placements[0]?.gpus).toEqual({ proxy: ['0'], a: ['1'], download: ['1'] });
    const more = {
      ...pod,
      gpuAsks: pod.gpuAsks.map((ask) => (ask.kind === 'init' ? { ...ask, count: 2 } : ask)),
    };
    expect(look([{ ...more, request: { 'nvidia.com/gpu': 3 } }], node(3)).placements[0]?.gpus).toEqual({
      proxy: ['0'],
      a: ['1'],
      download: ['1', '2'],
    });
  });

  it('with slots a device is given out several times, the emptiest first, to one container once', () => {
    const pods = [
      facts('a', { gpu: 1 }),
      facts('b', { gpu: 1, createdMs: 1 }),
      facts('c', { gpu: 2, createdMs: 2 }),
    ];
    expect(look(pods, node(2, {}, 2)).placed).toEqual(['a 0', 'b 1', 'c 0,1']);
    expect(look([facts('a', { gpu: 2 })], node(1, {}, 2)).waits.a).toBe(
      '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (2 requested, 2 in all). This can never fit: a container needs that many distinct devices.',
    );
  });

  it('those that share one start one after another, those of one instance together', () => {
    const [a, b] = [facts('a', { gpu: 1 }), facts('b', { gpu: 1, createdMs: 1 })];
    const capacity = node(1, {}, 3);
    const first = look([a, b], capacity);
    expect(first.placed).toEqual(['a 0', 'b 0']);
    expect(first.started).toEqual(['a']);
    const held = first.placements[1];
    expect(held?.message).toBe('GPU 0 is shared, and pod a on it is not Ready yet.');
    expect(schedulingWord(held?.message ?? '')).toBeUndefined();
    const assigned: PodFacts = { ...b, state: 'assigned', gpus: { main: ['0'] } };
    expect(look([bound(a, ['0'], false), assigned], capacity).started).toEqual([]);
    expect(look([bound(a, ['0'], true), assigned], capacity).started).toEqual(['b']);
    expect(look(instance(0, 'prefill', 0, { size: 2, gpu: 1 }), capacity).started.length).toBe(2);
  });
});

describe('gangs', () => {
  const gang = (ordinal: number, minimum: Record<string, number>): Gang => ({
    group: `default/s-${ordinal}`,
    minimum,
  });

  it('wait whole while the minimum does not fit, and say so; what is beyond it waits for them', () => {
    const pods = [
      bound(facts('a', { gpu: 2 }), ['0', '1']),
      ...instance(0, 'decode', 0, { gpu: 1, size: 2 }),
      ...instance(0, 'prefill', 0, { gpu: 1 }),
      ...instance(0, 'prefill', 1, { gpu: 1 }),
    ];
    const { placed, waits } = look(pods, node(4), [gang(0, { decode: 1, prefill: 1 })]);
    const short =
      '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (3 requested by the 3 pods of gang s-0, 2 free).';
    expect(placed).toEqual([]);
    expect(waits['s-0-decode-0-1']).toBe(short);
    expect(waits['s-0-prefill-1-0']).toBe(`${short} This pod waits for gang s-0.`);
    expect(Object.values(waits).map(schedulingWord)).toEqual(Array(4).fill('GangWaiting'));
  });

  it('start with the minimum, and with more as far as instances fit', () => {
    const pods = [0, 1, 2].flatMap((ordinal) => instance(0, 'prefill', ordinal, { gpu: 1, size: 2 }));
    expect(look(pods, node(5), [gang(0, { prefill: 1 })]).placed.length).toBe(4);
  });

  it('wait for pods that do not exist yet', () => {
    const [leader] = instance(0, 'decode', 0, { size: 2 });
    const { waits } = look([leader as PodFacts, ...instance(0, 'prefill', 0)], node(0), [
      gang(0, { decode: 1, prefill: 1 }),
    ]);
    expect(waits['s-0-prefill-0-0']).toBe(
      '0/1 nodes are available: gang s-0 is not complete yet: 0 of 1 instances of decode exist.',
    );
    expect(schedulingWord(waits['s-0-prefill-0-0'] ?? '')).toBe('GangWaiting');
  });

  it('count what runs: a pod that comes back waits for nobody but itself', () => {
    const pods = [
      ...instance(0, 'decode', 0, { gpu: 1 }).map((pod) => bound(pod, ['0'])),
      ...instance(0, 'prefill', 0, { gpu: 1 }),
    ];
    expect(look(pods, node(2), [gang(0, { decode: 1, prefill: 1 })]).placed).toEqual(['s-0-prefill-0-0 1']);
  });

  it('keep what is free from those behind them, unless they can never fit', () => {
    const others = [bound(facts('a', { gpu: 1 }), ['0']), facts('small', { gpu: 1, createdMs: 9 })];
    const pods = [
      ...others,
      ...instance(0, 'prefill', 0, { gpu: 2 }),
      ...instance(0, 'decode', 0, { gpu: 2 }),
    ];
    const gangs = [gang(0, { prefill: 1, decode: 1 })];
    const kept = look(pods, node(4), gangs);
    expect(kept.placed).toEqual([]);
    expect(kept.waits.small).toBe(
      '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (1 requested, 3 free and kept for s-0, which came first).',
    );
    expect(schedulingWord(kept.waits.small ?? '')).toBe('InsufficientGPU');
    const never = look(pods, node(3), gangs);
    expect(never.placed).toEqual(['small 1']);
    expect(never.waits['s-0-decode-0-0']).toContain(
      '(4 requested by the 2 pods of gang s-0, 3 in all). This can never fit',
    );
  });

  it('keep host ports too, and count what they have of their own against the whole node', () => {
    const [prefill, decode] = ['prefill', 'decode'].map(
      (role) => instance(0, role, 0, { gpu: 2 })[0] as PodFacts,
    );
    const ported = { ...(decode as PodFacts), hostPorts: ['80/TCP'] };
    const busy = bound(facts('a', { gpu: 1 }), ['0']);
    const late = facts('late', { hostPorts: ['80/TCP'], createdMs: 9 });
    const gangs = [gang(0, { prefill: 1, decode: 1 })];
    expect(look([busy, prefill as PodFacts, ported, late], node(4), gangs).waits.late).toContain(
      'Taken: 80/TCP.',
    );
    const half = [bound(prefill as PodFacts, ['0', '1']), ported];
    expect(look(half, node(3), gangs).waits['s-0-decode-0-0']).toContain(
      '(4 requested by the 2 pods of gang s-0, 3 in all). This can never fit',
    );
  });

  it('an instance that is half there counts before one of a lower ordinal that is not', () => {
    const pods = [0, 1].flatMap((ordinal) => instance(0, 'prefill', ordinal, { gpu: 1, size: 2 }));
    pods[2] = bound(pods[2] as PodFacts, ['0']);
    expect(look(pods, node(2), [gang(0, { prefill: 1 })]).placed).toEqual(['s-0-prefill-1-1 1']);
  });

  it('what was half started before a restart is completed first', () => {
    const old = instance(1, 'prefill', 0, { gpu: 1, size: 2, createdMs: 9 });
    const pods = [
      ...instance(0, 'prefill', 0, { gpu: 1, size: 2 }),
      bound(old[0] as PodFacts, ['0']),
      old[1] as PodFacts,
    ];
    const gangs = [gang(0, { prefill: 1 }), gang(1, { prefill: 1 })];
    expect(look(pods, node(2), gangs).placed).toEqual(['s-1-prefill-0-1 1']);
  });
});
