/** What containers used of late, as the engine measured it while the tree was looked at. */
import { parseQuantity } from '../../lib/parse-quantity.js';
import type { MeasuredPod } from '../tui-client.js';
import type { TreeLine } from './tree-line.js';

/** Oldest first, of both the same number. */
export interface UsageSeries {
  readonly cpuCores: readonly number[];
  readonly memoryBytes: readonly number[];
  /** When the newest was measured. */
  readonly at: string;
}
/** By `<namespace>/<pod>/<container>`. */
export type UsageByContainer = ReadonlyMap<string, UsageSeries>;

const keptSamples = 8;

/** The series with what was measured now; of what is not measured any more nothing is kept. */
export function takeUsage(before: UsageByContainer, pods: readonly MeasuredPod[]): UsageByContainer {
  const after = new Map<string, UsageSeries>();
  for (const { metadata, timestamp, containers } of pods)
    for (const { name, usage } of containers) {
      const key = `${metadata.namespace}/${metadata.name}/${name}`;
      const known = before.get(key);
      const cpu = parseQuantity(usage.cpu) ?? 0;
      const memory = parseQuantity(usage.memory) ?? 0;
      after.set(
        key,
        known?.at === timestamp
          ? known
          : {
              cpuCores: [...(known?.cpuCores ?? []), cpu].slice(-keptSamples),
              memoryBytes: [...(known?.memoryBytes ?? []), memory].slice(-keptSamples),
              at: timestamp,
            },
      );
    }
  return after;
}

/** Of a container, or of all containers of a pod; undefined for other lines and for what is not measured. */
export function usageOfLine(usage: UsageByContainer, line: TreeLine): UsageSeries | undefined {
  if (usage.size === 0 || (line.kind !== 'pod' && line.kind !== 'container')) return undefined;
  const { namespace, name } = line.pod.metadata;
  const of = (container: string) => usage.get(`${namespace}/${name}/${container}`);
  if (line.kind === 'container') return of(line.container.name);
  const all = line.pod.spec.containers.flatMap((each) => of(each.name) ?? []);
  const [first] = all;
  if (!first) return undefined;
  const sum = (series: readonly (readonly number[])[]): number[] => {
    const length = Math.max(...series.map((each) => each.length));
    return Array.from({ length }, (_, index) =>
      series.reduce((whole, each) => whole + (each[index - length + each.length] ?? 0), 0),
    );
  };
  return {
    cpuCores: sum(all.map((each) => each.cpuCores)),
    memoryBytes: sum(all.map((each) => each.memoryBytes)),
    at: first.at,
  };
}

/** What a line may use at most; undefined: nothing bounds it. */
export function limitOfLine(line: TreeLine, resource: 'cpu' | 'memory'): number | undefined {
  if (line.kind !== 'pod' && line.kind !== 'container') return undefined;
  const specs = line.kind === 'container' ? [line.container.spec] : line.pod.spec.containers;
  const limits = specs.map((spec) => parseQuantity(spec.resources?.limits?.[resource] ?? ''));
  return limits.reduce<number | undefined>(
    (sum, limit) => (sum === undefined || limit === undefined ? undefined : sum + limit),
    0,
  );
}
