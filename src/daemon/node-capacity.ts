import { gpuResource, type NodeGpus } from '../api/node-gpus.js';
import { type NodeOptions, parseCapacity, parseGpus } from '../api/node-options.js';
import type { EngineInfo } from '../kubelet/engine.js';
import type { DiscoveredGpus } from './discover-gpus.js';

/** What Pods can have of the Node. */
export interface NodeCapacity {
  readonly amounts: Readonly<Record<string, string>>;
  readonly gpus: NodeGpus;
}

/** The engine's machine, with what a person said otherwise. Pure. */
export function nodeCapacity(info: EngineInfo, options: NodeOptions, found: DiscoveredGpus): NodeCapacity {
  const choice = parseGpus(options.gpus ?? 'auto');
  const slots = options.gpuSlots ?? 1;
  const gpus: NodeGpus = { ids: choice?.kind === 'ids' ? choice.ids : found.ids, slots };
  const said = parseCapacity(options.capacity ?? []);
  const amounts = {
    cpu: String(info.cpus),
    memory: `${Math.floor(info.memoryBytes / 1024)}Ki`,
    ...(gpus.ids.length > 0 && { [gpuResource]: String(gpus.ids.length * slots) }),
    ...('amounts' in said && said.amounts),
  };
  return { amounts, gpus };
}
