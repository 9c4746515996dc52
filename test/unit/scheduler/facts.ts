import type { Capacity, PodFacts } from '../../../src/scheduler/facts.js';

/** A Pod as the decision sees it; with `group` it is of the ModelServing "s". */
export function facts(name: string, more: Partial<PodFacts> & { gpu?: number } = {}): PodFacts {
  const { gpu = 0, ...rest } = more;
  return {
    key: `default/${name}`,
    name,
    createdMs: 0,
    serving: rest.group === undefined ? '' : 'default/s',
    group: '',
    groupOrdinal: 0,
    role: '',
    roleOrdinal: 0,
    index: 0,
    instanceSize: 1,
    writtenCpu: 0,
    gpuAsks: gpu > 0 ? [{ container: 'main', kind: 'app', count: gpu }] : [],
    hostPorts: [],
    state: 'waiting',
    gpus: {},
    ready: false,
    deleting: false,
    ...rest,
    request: { ...rest.request, ...(gpu > 0 && { 'nvidia.com/gpu': gpu }) },
  };
}

export const node = (
  gpus: number,
  amounts: Record<string, number> = { cpu: 8000, memory: 2 ** 35 },
  gpuSlots = 1,
): Capacity => ({ amounts, gpuIds: Array.from({ length: gpus }, (_, at) => String(at)), gpuSlots });

/** All pods of one role instance of group `ordinal` of "s". */
export function instance(
  ordinal: number,
  role: string,
  roleOrdinal: number,
  more: Partial<PodFacts> & { gpu?: number; size?: number } = {},
): PodFacts[] {
  const { size = 1, ...rest } = more;
  return Array.from({ length: size }, (_, index) =>
    facts(`s-${ordinal}-${role}-${roleOrdinal}-${index}`, {
      group: `default/s-${ordinal}`,
      groupOrdinal: ordinal,
      role,
      roleOrdinal,
      index,
      instanceSize: size,
      ...rest,
    }),
  );
}
