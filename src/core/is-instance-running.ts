import { expectedPods, instanceStatus } from './instance-status.js';
import { instanceTemplate } from './instance-template.js';
import type { Desired, GroupRecord, InstanceObserved, Observed } from './types.js';

/** Judged by the template that it was made from. Pure. */
export const isInstanceRunning = (
  desired: Desired,
  observed: Observed,
  record: GroupRecord,
  instance: InstanceObserved,
): boolean => {
  const template = instanceTemplate(desired, observed, record, instance);
  return instanceStatus(instance, expectedPods(instance, template)) === 'Running';
};
