import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/scheduler/decide.js';
import type { Capacity, Decision, Gang, PodFacts } from '../../../src/scheduler/facts.js';
import { slotsHeld } from '../../../src/scheduler/gpu-slots.js';
import { facts, instance, node } from './facts.js';

/** ServingGroups with gangs, some pods of theirs gone, and pods of nobody; in any order. */
const world = fc
  .record({
    gpus: fc.integer({ min: 0, max: 6 }),
    slots: fc.integer({ min: 1, max: 3 }),
    cpu: fc.integer({ min: 0, max: 8 }),
    groups: fc.array(
      fc.record({
        prefill: fc.integer({ min: 0, max: 3 }),
        decode: fc.integer({ min: 0, max: 2 }),
        size: fc.integer({ min: 1, max: 3 }),
        gpu: fc.integer({ min: 0, max: 2 }),
        cpu: fc.integer({ min: 0, max: 2 }),
        minimum: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
        createdMs: fc.integer({ min: 0, max: 3 }),
        missing: fc.integer({ min: 0, max: 6 }),
      }),
      { maxLength: 4 },
    ),
    singles: fc.array(
      fc.record({
        gpu: fc.integer({ min: 0, max: 3 }),
        cpu: fc.integer({ min: 0, max: 4 }),
        port: fc.option(fc.integer({ min: 80, max: 82 }), { nil: undefined }),
        createdMs: fc.integer({ min: 0, max: 3 }),
      }),
      { maxLength: 5 },
    ),
    seed: fc.integer({ min: 0, max: 1e6 }),
  })
  .map(({ gpus, slots, cpu, groups, singles, seed }) => {
    const gangs: Gang[] = [];
    const pods = groups.flatMap((group, ordinal) => {
      const more = {
        gpu: group.gpu,
        createdMs: group.createdMs,
        size: group.size,
        ...(group.cpu > 0 && { request: { cpu: group.cpu * 1000 } }),
      };
      const made = [
        ...Array.from({ length: group.prefill }, (_, at) => instance(ordinal, 'prefill', at, more)),
        ...Array.from({ length: group.decode }, (_, at) => instance(ordinal, 'decode', at, more)),
      ].flat();
      if (group.minimum !== undefined) {
        const minimum = {
          prefill: Math.min(group.minimum, group.prefill),
          decode: Math.min(group.minimum, group.decode),
        };
        gangs.push({ group: `default/s-${ordinal}`, minimum });
      }
      return made.filter((_, at) => at !== group.missing);
    });
    const alone = singles.map(({ gpu, port, createdMs, ...each }, at) =>
      facts(`p${at}`, {
        gpu,
        createdMs,
        ...(each.cpu > 0 && { request: { cpu: each.cpu * 1000 } }),
        hostPorts: port === undefined ? [] : [`${port}/TCP`],
      }),
    );
    const all = [...pods, ...alone];
    // Any order of the list is as good as another.
    const shuffled = all
      .map((pod, at) => ({ pod, key: ((at + 1) * 7919 * (seed + 1)) % 104729 }))
      .sort((a, b) => a.key - b.key)
      .map(({ pod }) => pod);
    return { pods: shuffled, gangs, capacity: node(gpus, { cpu: cpu * 1000 }, slots) };
  });

const placedBy = (pods: readonly PodFacts[], { placements }: Decision, ready = true): PodFacts[] =>
  pods.map((pod) => {
    const placed = placements.find((each) => each.pod.key === pod.key);
    return placed ? { ...pod, state: placed.start ? 'bound' : 'assigned', gpus: placed.gpus, ready } : pod;
  });

function expectNoMoreThanThereIs(pods: readonly PodFacts[], capacity: Capacity) {
  const placed = pods.filter((pod) => pod.state !== 'waiting');
  const cpu = placed.reduce((sum, pod) => sum + (pod.request.cpu ?? 0), 0);
  expect(cpu).toBeLessThanOrEqual(capacity.amounts?.cpu ?? 0);
  const slots = new Map<string, number>();
  for (const pod of placed) {
    for (const ask of pod.gpuAsks) {
      const ids = pod.gpus[ask.container] ?? [];
      expect(new Set(ids).size).toBe(ask.count);
      for (const id of ids) expect(capacity.gpuIds).toContain(id);
    }
    for (const [id, held] of slotsHeld(pod.gpuAsks, pod.gpus)) slots.set(id, (slots.get(id) ?? 0) + held);
  }
  for (const held of slots.values()) expect(held).toBeLessThanOrEqual(capacity.gpuSlots);
  const ports = placed.flatMap((pod) => pod.hostPorts);
  expect(new Set(ports).size).toBe(ports.length);
}

function expectNoGangHalfStarted(pods: readonly PodFacts[], gangs: readonly Gang[]) {
  for (const { group, minimum } of gangs) {
    const members = pods.filter((pod) => pod.group === group);
    if (members.every((pod) => pod.state === 'waiting')) continue;
    for (const [role, wanted] of Object.entries(minimum)) {
      const ordinals = new Set(members.filter((pod) => pod.role === role).map((pod) => pod.roleOrdinal));
      const whole = [...ordinals].filter((ordinal) => {
        const own = members.filter((pod) => pod.role === role && pod.roleOrdinal === ordinal);
        return own.length === own[0]?.instanceSize && own.every((pod) => pod.state !== 'waiting');
      });
      expect(whole.length).toBeGreaterThanOrEqual(wanted);
    }
  }
}

describe('whatever waits', () => {
  it('never gets more than there is, and no gang is half started', () => {
    fc.assert(
      fc.property(world, ({ pods, gangs, capacity }) => {
        const now = placedBy(pods, decide({ pods, gangs, capacity }));
        expectNoMoreThanThereIs(now, capacity);
        expectNoGangHalfStarted(now, gangs);
      }),
      { numRuns: 400 },
    );
  });

  it('each gets either room or a reason, whatever the order of the list, and asked again nothing changes', () => {
    fc.assert(
      fc.property(world, ({ pods, gangs, capacity }) => {
        const first = decide({ pods, gangs, capacity });
        const told = [...first.placements, ...first.waits].map(({ pod }) => pod.key).sort();
        expect(told).toEqual(pods.map((pod) => pod.key).sort());
        for (const { message } of first.waits) expect(message).toMatch(/^0\/1 nodes are available: ./);
        const reversed = decide({ pods: [...pods].reverse(), gangs, capacity });
        const summary = ({ placements, waits }: Decision) => ({
          placed: placements.map(({ pod, gpus }) => [pod.key, gpus]),
          waits: waits.map(({ pod, message }) => [pod.key, message]),
        });
        expect(summary(reversed)).toEqual(summary(first));
        const again = decide({ pods: placedBy(pods, first), gangs, capacity });
        expect(again.placements.filter(({ pod }) => pod.state === 'waiting')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('no gang that fits the node starves while smaller pods come and go, and nothing deadlocks', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 2 }), ({ pods, gangs, capacity }, gpu) => {
        let now = [...pods];
        const started = new Set<string>();
        // Each round everything that runs ends, but for one, and a new small pod comes: the worst for those who need much at once.
        for (let round = 0; round < 60; round++) {
          const small = facts(`small${round}`, { gpu, request: { cpu: 1000 }, createdMs: 10 + round });
          const all = [...now, small];
          now = placedBy(all, decide({ pods: all, gangs, capacity }));
          expectNoMoreThanThereIs(now, capacity);
          for (const pod of now) if (pod.state !== 'waiting') started.add(pod.group);
          now = now.filter((pod) => pod.group !== '' || pod.state === 'waiting' || pod.key === small.key);
          // A whole gang ends a round after it started, all at once.
          for (const { group } of gangs) {
            const own = now.filter((pod) => pod.group === group);
            if (own.length > 0 && own.some((pod) => pod.state !== 'waiting'))
              now = now.filter((pod) => pod.group !== group || pod.state === 'waiting');
          }
          now = now.filter(
            (pod) => pod.group === '' || pod.state === 'waiting' || gangs.some((g) => g.group === pod.group),
          );
        }
        const { waits } = decide({ pods: now, gangs, capacity });
        for (const { group, minimum } of gangs) {
          if (started.has(group) || Object.values(minimum).every((count) => count === 0)) continue;
          const said = waits.filter(({ pod }) => pod.group === group).map(({ message }) => message);
          for (const message of said) expect(message).toMatch(/can never fit|is not complete yet/);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('a thousand waiting pods are decided in one go', () => {
    const pods = Array.from({ length: 250 }, (_, ordinal) => [
      ...instance(ordinal, 'prefill', 0, { gpu: 1, size: 2 }),
      ...instance(ordinal, 'decode', 0, { gpu: 1, size: 2 }),
    ]).flat();
    const gangs = Array.from({ length: 250 }, (_, ordinal) => ({
      group: `default/s-${ordinal}`,
      minimum: { prefill: 1, decode: 1 },
    }));
    const { placements, waits } = decide({ pods, gangs, capacity: node(10) });
    expect([placements.length, waits.length]).toEqual([8, 992]);
  });
});
