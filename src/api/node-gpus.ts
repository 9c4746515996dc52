import { annotation } from './labels.js';
import type { Node } from './types/resources.js';

/** As Kubernetes' device plugin calls them. */
export const gpuResource = 'nvidia.com/gpu';

export interface NodeGpus {
  readonly ids: readonly string[];
  /** How many containers may have one device at a time. */
  readonly slots: number;
}

/** It is given out like others, and no engine is asked for it. The id itself says so: what has one keeps it whatever the Node has later. */
export const isFakeGpu = (id: string): boolean => id.startsWith('fake-');

/** The GPUs of the Node as its annotations: where scheduler and kubelet read them. */
export const gpuAnnotations = ({ ids, slots }: NodeGpus): Record<string, string> =>
  ids.length === 0
    ? {}
    : {
        [annotation.gpuDevices]: ids.join(','),
        ...(slots > 1 && { [annotation.gpuSlots]: String(slots) }),
      };

export function nodeGpus(node: Node | undefined): NodeGpus {
  const { [annotation.gpuDevices]: ids = '', ...rest } = node?.metadata.annotations ?? {};
  return {
    ids: ids.split(',').filter(Boolean),
    slots: Number(rest[annotation.gpuSlots] ?? 1),
  };
}
