import type { ContainerStats } from 'dockerode';
import { expect, it } from 'vitest';
import { usageIn } from '../../../../src/kubelet/docker/container-usage.js';

const stats = (more: object = {}): ContainerStats =>
  ({
    read: '2026-01-01T00:00:02.5Z',
    preread: '2026-01-01T00:00:01.5Z',
    cpu_stats: { cpu_usage: { total_usage: 750_000_000 } },
    precpu_stats: { cpu_usage: { total_usage: 500_000_000 } },
    memory_stats: { usage: 10_000, stats: { inactive_file: 4_000 } },
    ...more,
  }) as ContainerStats;
const used = { cpuNanos: 250_000_000, memoryBytes: 6_000, atMs: Date.parse('2026-01-01T00:00:02.5Z') };

it.each<[string, object, object | undefined]>([
  ['a quarter of a processor', {}, { ...used, spanMs: 1000 }],
  [
    'over a longer span',
    { preread: '2026-01-01T00:00:00.5Z' },
    { ...used, cpuNanos: 125_000_000, spanMs: 2000 },
  ],
  [
    'cgroups v1',
    { memory_stats: { usage: 10_000, stats: { total_inactive_file: 1_000, inactive_file: 1 } } },
    { ...used, memoryBytes: 9_000, spanMs: 1000 },
  ],
  [
    'no word about the cache',
    { memory_stats: { usage: 10_000 } },
    { ...used, memoryBytes: 10_000, spanMs: 1000 },
  ],
  ['looked at once only', { preread: '0001-01-01T00:00:00Z' }, undefined],
  ['stopped', { read: '0001-01-01T00:00:00Z', preread: '0001-01-01T00:00:00Z' }, undefined],
  ['stopped in between', { memory_stats: {} }, undefined],
])('%s', (_, more, expected) => {
  expect(usageIn(stats(more))).toEqual(expected);
});
