import { groupName, instanceName, roleId } from '../api/names.js';
import type { Action } from '../core/types.js';

/** The pods that disappeared without our doing, by instance name, until they are made again or their instance goes. */
export function lostPods() {
  const byInstance = new Map<string, Set<number>>();
  return {
    all: (): ReadonlyMap<string, ReadonlySet<number>> => byInstance,
    add(instance: string, podIndex: number): void {
      const known = byInstance.get(instance) ?? new Set();
      byInstance.set(instance, known.add(podIndex));
    },
    forget(modelServing: string, actions: readonly Action[]): void {
      for (const action of actions) {
        const group = groupName(modelServing, action.group);
        if (action.type === 'DeleteGroup') {
          for (const name of byInstance.keys()) if (name.startsWith(`${group}-`)) byInstance.delete(name);
        } else if ('role' in action) {
          const name = instanceName(group, roleId(action.role, action.ordinal));
          if (action.type === 'CreatePod') byInstance.get(name)?.delete(action.podIndex);
          else byInstance.delete(name);
        }
      }
    },
  };
}
