import type { RoleSpec } from '../api/types/model-serving.js';
import type { GroupStatus } from '../api/types/resources.js';
import { expectedPods, instanceStatus } from './instance-status.js';
import type { GroupObserved } from './types.js';

/**
 * Running when every role has exactly the counts of the record, all Running. Otherwise Scaling, if new counts were what took it out of
 * Running, until it is Running again; else Creating. Deleting ends only in removal.
 */
export function groupStatus(group: GroupObserved, roles: readonly RoleSpec[] | undefined): GroupStatus {
  if (group.record.deleting) return 'Deleting';
  if (isComplete(group, roles)) return 'Running';
  return group.record.status === 'Scaling' ? 'Scaling' : 'Creating';
}

function isComplete({ record, instances }: GroupObserved, roles: readonly RoleSpec[] | undefined): boolean {
  let wanted = 0;
  for (const role in record.counts) wanted += record.counts[role] ?? 0;
  if (instances.length !== wanted) return false;
  return instances.every(
    (instance) =>
      instance.ordinal < (record.counts[instance.role] ?? 0) &&
      instanceStatus(instance, expectedPods(instance, roles)) === 'Running',
  );
}
