import { groupName, podName, roleId } from '../api/names.js';
import { newInstance, newPod } from './new-instance.js';
import type { Action, Desired, GroupObserved, InstanceObserved, Observed } from './types.js';

type Mark = { reason: string; atMs: number };

/** One group with its actions begun, in their order; its status is not yet judged. */
export function applyToGroup(
  desired: Desired,
  observed: Observed,
  group: GroupObserved,
  actions: readonly Action[],
  nowMs: number,
): GroupObserved {
  let record = group.record;
  const instances = new Map(group.instances.map((instance) => [instance.roleId, instance]));
  const change = (id: string, to: (instance: InstanceObserved) => InstanceObserved) => {
    const instance = instances.get(id);
    if (instance) instances.set(id, to(instance));
  };
  for (const action of actions) {
    const mark: Mark = { reason: action.reason, atMs: nowMs };
    switch (action.type) {
      case 'CreateGroup':
        break;
      case 'DeleteGroup':
        record = { ...record, status: 'Deleting', deleting: mark };
        for (const id of instances.keys()) change(id, (instance) => deleting(instance, mark));
        break;
      case 'SetCounts':
        record = {
          ...record,
          counts: action.counts,
          // Under kthena's own rules a group that is still being made counts as Scaling from then on.
          status: record.status === 'Running' || desired.rules === 'upstream' ? 'Scaling' : record.status,
        };
        break;
      case 'SetRevision':
        record = { ...record, revision: action.revision };
        break;
      case 'CreateInstance': {
        const made = newInstance(desired, observed, action);
        instances.set(made.roleId, made);
        break;
      }
      case 'DeleteInstance':
        change(roleId(action.role, action.ordinal), (instance) => deleting(instance, mark));
        break;
      case 'CreatePod':
        change(roleId(action.role, action.ordinal), (instance) =>
          withPod(instance, groupName(desired.name, action.group), action.podIndex),
        );
        break;
      case 'DeletePod':
        change(roleId(action.role, action.ordinal), (instance) => withoutPod(instance, action.podIndex));
        break;
    }
  }
  return { ...group, record, instances: [...instances.values()] };
}

const deleting = (instance: InstanceObserved, mark: Mark): InstanceObserved => ({
  ...instance,
  deleting: instance.deleting ?? mark,
  pods: instance.pods.map((pod) => ({ ...pod, ready: false, deleting: true })),
});

const withPod = (instance: InstanceObserved, group: string, index: number): InstanceObserved => ({
  ...instance,
  pods: [...instance.pods, newPod(podName(group, instance.roleId, index), index)],
  lost: instance.lost.filter((each) => each !== index),
});

const withoutPod = (instance: InstanceObserved, index: number): InstanceObserved => ({
  ...instance,
  pods: instance.pods.map((pod) => (pod.index === index ? { ...pod, ready: false, deleting: true } : pod)),
});
