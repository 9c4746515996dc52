import type { RoleSpec } from '../api/types/model-serving.js';
import type { GroupStatus } from '../api/types/resources.js';
import { expectedPods, instanceStatus } from './instance-status.js';
import type { GroupObserved, InstanceObserved } from './types.js';

type TemplateOf = (instance: InstanceObserved) => RoleSpec | undefined;

/**
 * Running when every role has exactly the counts of the record, all Running. Otherwise Scaling, if new counts were what took it out of
 * Running, until it is Running again; else Creating. Deleting ends only in removal.
 */
export function groupStatus(group: GroupObserved, templateOf: TemplateOf): GroupStatus {
  if (group.record.deleting) return 'Deleting';
  if (isComplete(group, templateOf)) return 'Running';
  return group.record.status === 'Scaling' ? 'Scaling' : 'Creating';
}

/** By number, not by ordinal: which ordinals an instance may have is a matter of the rules in force, and those may change. */
function isComplete({ record, instances }: GroupObserved, templateOf: TemplateOf): boolean {
  const left = new Map(Object.entries(record.counts));
  for (const instance of instances) {
    if (instanceStatus(instance, expectedPods(instance, templateOf(instance))) !== 'Running') return false;
    left.set(instance.role, (left.get(instance.role) ?? 0) - 1);
  }
  return [...left.values()].every((count) => count === 0);
}
