import type { DaemonInfo } from '../api/control-types.js';
import { type NodeOptions, nodeOptionsProblem } from '../api/node-options.js';
import type { EngineInfo } from '../kubelet/engine.js';
import { AppError } from '../lib/app-error.js';
import type { Clock } from '../lib/clock.js';
import type { Logger } from '../lib/logger.js';
import type { ObjectStore } from '../store/object-store.js';
import { discoverGpus } from './discover-gpus.js';
import { keepNode } from './keep-node.js';
import { nodeCapacity } from './node-capacity.js';
import type { OpenState } from './open-state.js';

/**
 * The one Node of the daemon: what the engine has, its GPUs, and what was said on the command line, which the state keeps over restarts.
 * `change` takes effect at once; what runs keeps what it has.
 */
export async function openNode(options: {
  store: ObjectStore;
  clock: Clock;
  info: EngineInfo;
  state: OpenState;
  logger: Logger;
}) {
  const { store, clock, info, state, logger } = options;
  const found = await discoverGpus(info);
  if (found.note !== undefined) logger.warn({}, found.note);
  const capacity = () => nodeCapacity(info, state.current.node ?? {}, found);
  let last = { reachable: true, message: '' };
  const tell = (contact: typeof last) => {
    last = contact;
    keepNode({ store, clock, info, state: contact, capacity: capacity() });
  };
  return {
    tell,
    /** Throws Usage. */
    change(wanted: NodeOptions): void {
      const problem = nodeOptionsProblem(wanted);
      if (problem !== undefined) throw new AppError('Usage', problem);
      if (Object.keys(wanted).length === 0) return;
      const { gpus, gpuSlots, capacity: amounts } = { ...state.current.node, ...wanted };
      state.update({
        node: {
          ...(gpus !== undefined && { gpus }),
          ...(gpuSlots !== undefined && { gpuSlots }),
          ...(amounts !== undefined && { capacity: [...amounts] }),
        },
      });
      tell(last);
    },
    summary(): DaemonInfo['node'] {
      const { amounts, gpus } = capacity();
      const isSaid = (state.current.node?.gpus ?? 'auto') !== 'auto';
      return {
        capacity: amounts,
        gpus: gpus.ids,
        gpuSlots: gpus.slots,
        gpuSource: isSaid ? 'said' : 'found',
        ...(found.note !== undefined && gpus.ids.length === 0 && { note: found.note }),
      };
    },
  };
}
