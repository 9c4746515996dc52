import { label } from '../api/labels.js';
import { groupName, instanceName, roleId } from '../api/names.js';
import type { Pod } from '../api/types/resources.js';
import type { Action } from '../core/types.js';
import type { ModelServingRecord } from '../store/records.js';

interface Seen {
  group: string;
  roleId: string;
  podIndex: number;
}

/**
 * The pods of one ModelServing that disappeared without our doing, by instance name, until they are made again or their instance goes. Found
 * by comparing each pass with the one before, because the news of a deletion can come later than a pass that already misses the pod.
 */
export function lostPods(modelServing: string) {
  const byInstance = new Map<string, Set<number>>();
  let seen = new Map<string, Seen>();
  return {
    all: (): ReadonlyMap<string, ReadonlySet<number>> => byInstance,
    /** `record` is that of the pass before: what it marks as Deleting was to go. */
    look(pods: readonly Pod[], record: ModelServingRecord | undefined): void {
      const now = new Map(pods.map((pod) => [pod.metadata.uid ?? '', placeOf(pod)]));
      for (const [uid, place] of seen) {
        if (now.has(uid) || wasToGo(place, record)) continue;
        const name = instanceName(place.group, place.roleId);
        byInstance.set(name, (byInstance.get(name) ?? new Set()).add(place.podIndex));
      }
      seen = now;
    },
    forget(actions: readonly Action[]): void {
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

const placeOf = ({ metadata: { name, labels = {} } }: Pod): Seen => ({
  group: labels[label.group] ?? '',
  roleId: labels[label.roleId] ?? '',
  podIndex: Number(name.slice(name.lastIndexOf('-') + 1)),
});

function wasToGo(place: Seen, record: ModelServingRecord | undefined): boolean {
  const group = record?.groups.find((each) => groupName(record.name, each.ordinal) === place.group);
  return !group || group.deleting !== undefined || group.deletingInstances[place.roleId] !== undefined;
}
