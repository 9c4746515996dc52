import type Docker from 'dockerode';
import type { ContainerStats } from 'dockerode';
import type { EngineUsage } from '../engine.js';
import { orUndefined } from './translate-error.js';

/** The engine looks twice, about a second apart, and answers then; nobody measures in between. */
export const containerUsage = (docker: Docker, containerId: string): Promise<EngineUsage | undefined> =>
  orUndefined(() => docker.getContainer(containerId).stats({ stream: false })).then(
    (stats) => stats && usageIn(stats),
  );

/** undefined when the container stopped in between, or was looked at only once. Pure. */
export function usageIn({
  read,
  preread,
  cpu_stats,
  precpu_stats,
  memory_stats,
}: ContainerStats): EngineUsage | undefined {
  const [atMs, beforeMs] = [Date.parse(read), Date.parse(preread)];
  const spanMs = atMs - beforeMs;
  // A time that it did not look at is told as the year 1.
  if (!(beforeMs > 0 && spanMs > 0) || memory_stats.usage === undefined) return undefined;
  const usedNanos = cpu_stats.cpu_usage.total_usage - precpu_stats.cpu_usage.total_usage;
  const details = memory_stats.stats as Partial<Record<string, number>> | undefined;
  // The first name is of cgroups v1, the second of v2.
  const cacheBytes = details?.total_inactive_file ?? details?.inactive_file ?? 0;
  return {
    cpuNanos: Math.max(0, (usedNanos / spanMs) * 1000),
    memoryBytes: Math.max(0, memory_stats.usage - cacheBytes),
    atMs,
    spanMs,
  };
}
