import type { RoleSpec } from '../api/types/model-serving.js';
import type { InstanceStatus } from '../api/types/resources.js';
import type { InstanceObserved } from './types.js';

/** Entry pod and workers. Without a template (the store was lost) what is there counts as all there is. */
export const expectedPods = (instance: InstanceObserved, role: RoleSpec | undefined): number =>
  role ? 1 + role.workerReplicas : Math.max(1, ...instance.pods.map((pod) => pod.index + 1));

/** Running when all of its pods are ready and none has failed or disappeared since it was. */
export function instanceStatus(instance: InstanceObserved, expected: number): InstanceStatus {
  if (instance.deleting) return 'Deleting';
  let ready = 0;
  for (const pod of instance.pods) if (pod.ready && !pod.deleting && !pod.failed) ready++;
  return ready === expected && instance.lost.length === 0 ? 'Running' : 'Creating';
}
