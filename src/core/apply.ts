import { groupName, instanceName, roleId } from '../api/names.js';
import { applyToGroup } from './apply-to-group.js';
import { afterFailure, isForgiven } from './back-off.js';
import { currentRevision } from './current-revision.js';
import { groupStatus } from './group-status.js';
import { instanceTemplate } from './instance-template.js';
import { newInstance } from './new-instance.js';
import type { Action, Desired, GroupObserved, Observed, Plan } from './types.js';

/**
 * What is there once the plan's actions have begun: the state that status, stage row and record are computed from, and that `simulate`
 * folds with. What is deleted stays, marked; what is created waits for its pods.
 */
export function apply(desired: Desired, observed: Observed, plan: Plan, nowMs: number): Observed {
  const groups = new Map(observed.groups.map((group) => [group.ordinal, group]));
  for (const [ordinal, actions] of byGroup(plan.actions)) {
    const group = groups.get(ordinal);
    if (group) groups.set(ordinal, applyToGroup(desired, observed, group, actions, nowMs));
    else {
      for (const action of actions) {
        if (action.type === 'CreateGroup') groups.set(ordinal, newGroup(desired, observed, action));
      }
    }
  }
  const begun = [...groups.values()]
    .sort((a, b) => a.ordinal - b.ordinal)
    .map((group) => withStatus(desired, observed, group));
  return {
    ...observed,
    groups: begun,
    backOff: backOffAfter(desired, observed, plan.actions, nowMs),
    currentRevision: currentRevision(desired, observed, begun),
  };
}

function byGroup(actions: readonly Action[]): Map<number, Action[]> {
  const found = new Map<number, Action[]>();
  for (const action of actions) {
    const same = found.get(action.group);
    if (same) same.push(action);
    else found.set(action.group, [action]);
  }
  return found;
}

function newGroup(
  desired: Desired,
  observed: Observed,
  { group: ordinal, counts, revision }: Extract<Action, { type: 'CreateGroup' }>,
): GroupObserved {
  const instances = Object.entries(counts).flatMap(([role, count]) =>
    Array.from({ length: count }, (_, at) =>
      newInstance(desired, observed, { group: ordinal, role, ordinal: at, revision }),
    ),
  );
  return { ordinal, record: { counts, revision, status: 'Creating' }, instances };
}

function withStatus(desired: Desired, observed: Observed, group: GroupObserved): GroupObserved {
  const status = groupStatus(group, (each) => instanceTemplate(desired, observed, group.record, each));
  return status === group.record.status ? group : { ...group, record: { ...group.record, status } };
}

/** Counts this pass's failures, and forgets those that ten good minutes have made up for. */
function backOffAfter(
  desired: Desired,
  observed: Observed,
  actions: readonly Action[],
  nowMs: number,
): Observed['backOff'] {
  const after = { ...observed.backOff };
  for (const action of actions) {
    if (!('failed' in action) || !action.failed) continue;
    const found = observed.groups.find((each) => each.ordinal === action.group);
    const group = groupName(desired.name, action.group);
    const id = action.type === 'DeleteGroup' ? undefined : roleId(action.role, action.ordinal);
    const name = id === undefined ? group : instanceName(group, id);
    const instance = found?.instances.find((each) => each.roleId === id);
    after[name] = afterFailure(after[name], nowMs, (instance ?? found?.record)?.revision ?? desired.revision);
  }
  for (const [name, entry] of Object.entries(after)) if (isForgiven(entry, nowMs)) delete after[name];
  return after;
}
