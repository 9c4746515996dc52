import type { GroupObserved, InstanceObserved, Observed } from './types.js';

/** What is there when everything begun has come to its end, well: what was deleted is gone, what was created is ready. */
export const settle = (observed: Observed): Observed => ({
  ...observed,
  groups: observed.groups.filter((group) => !group.record.deleting).map(settleGroup),
});

function settleGroup(group: GroupObserved): GroupObserved {
  if (group.record.status === 'Running') return group;
  return {
    ...group,
    instances: group.instances.filter((instance) => !instance.deleting).map(settleInstance),
  };
}

const settleInstance = (instance: InstanceObserved): InstanceObserved => ({
  ...instance,
  pods: instance.pods
    .filter((pod) => !pod.deleting)
    .map(({ failed: _failed, heldUp: _heldUp, waitsFor: _waitsFor, ...pod }) => ({
      ...pod,
      phase: 'Running' as const,
      ready: true,
    })),
});
