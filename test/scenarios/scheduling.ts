import type { RoleSpec } from '../../src/api/types/model-serving.js';
import type { NodeCapacity } from '../../src/daemon/node-capacity.js';

/** A node with so many GPUs that no engine is asked for. */
export const fakeGpus = (count: number, slots = 1): NodeCapacity => ({
  amounts: { cpu: '8', memory: '32Gi', ...(count > 0 && { 'nvidia.com/gpu': String(count * slots) }) },
  gpus: { ids: Array.from({ length: count }, (_, at) => `fake-${at}`), slots },
});

/** The same role, whose pods ask for GPUs. */
export function withGpus(role: RoleSpec, count: number): RoleSpec {
  const [first, ...rest] = role.entryTemplate.spec?.containers ?? [];
  if (!first) throw new Error(`${role.name} has no container`);
  const limits = { 'nvidia.com/gpu': String(count) };
  const containers = [{ ...first, resources: { limits } }, ...rest];
  return {
    ...role,
    entryTemplate: { ...role.entryTemplate, spec: { ...role.entryTemplate.spec, containers } },
  };
}
