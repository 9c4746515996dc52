import { groupName, instanceName, podName, roleId } from '../api/names.js';
import { afterFailure, isForgiven } from './back-off.js';
import { groupStatus } from './group-status.js';
import { rolesOf } from './templates.js';
import type {
  Action,
  Desired,
  GroupObserved,
  InstanceObserved,
  Observed,
  Plan,
  PodObserved,
} from './types.js';

/**
 * What is there once the plan's actions have begun: the state that status, stage row and record are computed from, and that `simulate`
 * folds with. What is deleted stays, marked; what is created waits for its pods.
 */
export function apply(desired: Desired, observed: Observed, plan: Plan, nowMs: number): Observed {
  const groups = new Map(observed.groups.map((group) => [group.ordinal, group]));
  let backOff = observed.backOff;
  const failedAgain = (name: string) => {
    backOff = { ...backOff, [name]: afterFailure(backOff[name], nowMs) };
  };
  for (const action of plan.actions) {
    if (action.type === 'CreateGroup') {
      groups.set(action.group, newGroup(desired, observed, action));
      continue;
    }
    const group = groups.get(action.group);
    if (!group) continue;
    groups.set(action.group, applyToGroup(desired, observed, group, action, nowMs));
    if (action.type === 'DeleteGroup' && action.failed) failedAgain(groupName(desired.name, action.group));
    if (action.type === 'DeleteInstance' && action.failed) {
      failedAgain(instanceName(groupName(desired.name, action.group), roleId(action.role, action.ordinal)));
    }
  }
  const settled = [...groups.values()]
    .sort((a, b) => a.ordinal - b.ordinal)
    .map((group) => withStatus(desired, observed, group));
  return {
    ...observed,
    groups: settled,
    backOff: forgive(backOff, nowMs),
    currentRevision: currentRevision(desired, observed, settled),
  };
}

function applyToGroup(
  desired: Desired,
  observed: Observed,
  group: GroupObserved,
  action: Exclude<Action, { type: 'CreateGroup' }>,
  nowMs: number,
): GroupObserved {
  const mark = { reason: action.reason, atMs: nowMs };
  switch (action.type) {
    case 'DeleteGroup':
      return {
        ...group,
        record: { ...group.record, status: 'Deleting', deleting: mark },
        instances: group.instances.map((instance) => deleting(instance, mark)),
      };
    case 'SetCounts': {
      const status = group.record.status === 'Running' ? 'Scaling' : group.record.status;
      return { ...group, record: { ...group.record, counts: action.counts, status } };
    }
    case 'SetRevision':
      return { ...group, record: { ...group.record, revision: action.revision } };
    case 'CreateInstance':
      return {
        ...group,
        instances: [
          ...group.instances,
          newInstance(desired, observed, action.group, action.revision, action.role, action.ordinal),
        ],
      };
    default:
      return {
        ...group,
        instances: group.instances.map((instance) =>
          instance.role === action.role && instance.ordinal === action.ordinal
            ? applyToInstance(desired, instance, action, mark)
            : instance,
        ),
      };
  }
}

function applyToInstance(
  desired: Desired,
  instance: InstanceObserved,
  action: Extract<Action, { type: 'DeleteInstance' | 'CreatePod' | 'DeletePod' }>,
  mark: { reason: string; atMs: number },
): InstanceObserved {
  switch (action.type) {
    case 'DeleteInstance':
      return deleting(instance, mark);
    case 'CreatePod': {
      const pod = newPod(groupName(desired.name, action.group), instance.roleId, action.podIndex);
      return {
        ...instance,
        pods: [...instance.pods, pod],
        lost: instance.lost.filter((index) => index !== action.podIndex),
      };
    }
    case 'DeletePod':
      return {
        ...instance,
        pods: instance.pods.map((pod) =>
          pod.uid === action.uid ? { ...pod, deleting: true, ready: false } : pod,
        ),
      };
  }
}

const deleting = (instance: InstanceObserved, mark: { reason: string; atMs: number }): InstanceObserved => ({
  ...instance,
  deleting: instance.deleting ?? mark,
  pods: instance.pods.map((pod) => ({ ...pod, ready: false, deleting: true })),
});

function newGroup(
  desired: Desired,
  observed: Observed,
  action: Extract<Action, { type: 'CreateGroup' }>,
): GroupObserved {
  const { group: ordinal, counts, revision } = action;
  const instances = Object.entries(counts).flatMap(([role, count]) =>
    Array.from({ length: count }, (_, at) => newInstance(desired, observed, ordinal, revision, role, at)),
  );
  return { ordinal, record: { counts, revision, status: 'Creating' }, instances };
}

function newInstance(
  desired: Desired,
  observed: Observed,
  group: number,
  revision: string,
  role: string,
  ordinal: number,
): InstanceObserved {
  const template = rolesOf(desired, observed, revision)?.find((each) => each.name === role);
  const id = roleId(role, ordinal);
  const pods = Array.from({ length: 1 + (template?.workerReplicas ?? 0) }, (_, index) =>
    newPod(groupName(desired.name, group), id, index),
  );
  const templateHash = revision === desired.revision ? (desired.roleHashes[role] ?? '') : `of ${revision}`;
  return { role, ordinal, roleId: id, revision, templateHash, pods, services: 0, lost: [] };
}

const newPod = (group: string, id: string, index: number): PodObserved => ({
  index,
  name: podName(group, id, index),
  uid: '',
  phase: 'Pending',
  ready: false,
  deleting: false,
  restarts: 0,
  deletionCost: 0,
});

function withStatus(desired: Desired, observed: Observed, group: GroupObserved): GroupObserved {
  const status = groupStatus(group, rolesOf(desired, observed, group.record.revision));
  return status === group.record.status ? group : { ...group, record: { ...group.record, status } };
}

function forgive(backOff: Observed['backOff'], nowMs: number): Observed['backOff'] {
  const kept = Object.entries(backOff).filter(([, entry]) => !isForgiven(entry, nowMs));
  return kept.length === Object.keys(backOff).length ? backOff : Object.fromEntries(kept);
}

/** Stays as long as any group has it; else the one most older groups have; the new one when all have that. */
function currentRevision(desired: Desired, observed: Observed, groups: readonly GroupObserved[]): string {
  const older = new Map<string, number>();
  for (const { record } of groups) {
    if (record.revision === desired.revision) continue;
    older.set(record.revision, (older.get(record.revision) ?? 0) + 1);
  }
  if (older.has(observed.currentRevision)) return observed.currentRevision;
  const [most] = [...older].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? desired.revision;
}
