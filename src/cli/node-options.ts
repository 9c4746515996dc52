import type { DaemonInfo } from '../api/control-types.js';
import { gpuResource } from '../api/node-gpus.js';
import { type NodeOptions, nodeOptionsProblem } from '../api/node-options.js';
import { amountText } from '../core/amount-text.js';
import { amountsOf } from '../core/pod-request.js';
import { usageError } from './usage-error.js';

/** The options of `up` that are about the Node; undefined when none was given. Throws Usage. */
export function nodeOptions(given: {
  readonly gpus?: string;
  readonly gpuSlots?: string;
  readonly capacity?: readonly string[];
}): NodeOptions | undefined {
  const { gpus, gpuSlots, capacity } = given;
  const options: NodeOptions = {
    ...(gpus !== undefined && { gpus }),
    ...(gpuSlots !== undefined && { gpuSlots: Number(gpuSlots) }),
    ...(capacity !== undefined && { capacity }),
  };
  const problem = nodeOptionsProblem(options);
  if (problem !== undefined) throw usageError(problem);
  return Object.keys(options).length > 0 ? options : undefined;
}

/** What Pods can have, on one line: "cpu 8, memory 31.2Gi, nvidia.com/gpu 2 (fake-0, fake-1)". */
export function nodeText(node: DaemonInfo['node']): string {
  const amounts = amountsOf(node.capacity);
  const devices = [
    node.gpus.length <= 8 ? node.gpus.join(', ') : `${node.gpus.length} devices`,
    ...(node.gpuSlots > 1 ? [`; ${node.gpuSlots} containers on each`] : []),
  ].join('');
  return [
    ...Object.entries(amounts).map(
      ([name, amount]) => `${name} ${amountText(name, amount)}${name === gpuResource ? ` (${devices})` : ''}`,
    ),
    ...(node.gpus.length === 0 ? ['no GPUs'] : []),
  ].join(', ');
}
