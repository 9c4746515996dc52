import type { Clock } from '../lib/clock.js';
import type { ObjectStore } from '../store/object-store.js';

/** The one node there is. */
export const nodeName = 'minithena';

export interface EngineState {
  reachable: boolean;
  /** Why it does not answer; '' while it does. */
  message: string;
}

const lookEveryMs = 500;

/** Keeps the Node object: Ready while the engine answers, Unknown while it does not. Calls `onBack` when it answers again. */
export function keepNode(options: {
  store: ObjectStore;
  clock: Clock;
  engineState: () => EngineState;
  onBack: () => void;
}): { close(): void } {
  const { store, clock, engineState, onBack } = options;
  let wasReachable: boolean | undefined;
  let since = '';
  let cancel = () => {};
  const look = () => {
    const { reachable, message } = engineState();
    if (reachable !== wasReachable) since = new Date(clock.now()).toISOString();
    write(reachable, message);
    if (reachable && wasReachable === false) onBack();
    wasReachable = reachable;
    cancel = clock.after(lookEveryMs, look);
  };
  const write = (reachable: boolean, message: string) => {
    const at = { name: nodeName, namespace: '' };
    const node =
      store.get('nodes', at.namespace, at.name) ??
      store.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: at, spec: {} });
    store.updateStatus(
      'nodes',
      { ...at, uid: node.metadata.uid ?? '' },
      {
        ...node.status,
        conditions: [
          {
            type: 'Ready',
            status: reachable ? 'True' : 'Unknown',
            reason: reachable ? 'EngineReady' : 'EngineUnreachable',
            message: reachable ? 'the engine answers' : message,
            lastTransitionTime: since,
          },
        ],
      },
    );
  };
  look();
  return {
    close() {
      cancel();
    },
  };
}
