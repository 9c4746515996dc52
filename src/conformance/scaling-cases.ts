import { roleId } from '../api/names.js';
import { apply } from '../core/apply.js';
import { plan } from '../core/plan/plan.js';
import { modelServingStatus } from '../core/status.js';
import type { Action, Desired, Observed } from '../core/types.js';
import { desiredOf, groupOf, instanceOf, observedOf, present, roleOf } from './case-world.js';
import type { Facts } from './conformance-case.js';

const noRoles: readonly Facts[] = [{ name: 'prefill', replicas: 1, workerReplicas: 0 }];

/** scaleUpGroups: what one pass creates, from which template, and what is there then. */
export function scaleUpGroups(given: Facts, when: Facts): Facts {
  const roles = ((given.specRoles ?? given.roles ?? noRoles) as Facts[]).map(roleOf);
  const wanted = desiredOf(roles, {
    replicas: when.replicas,
    revision: when.newRevision,
    ...guardsOf(given),
  });
  const snapshots: Record<string, Facts[]> = Array.isArray(given.snapshots)
    ? Object.fromEntries(given.snapshots.map((revision: string) => [revision, roles]))
    : (given.snapshots ?? {});
  const revisions = Object.fromEntries(
    Object.entries(snapshots).map(([revision, shorts]) => [revision, shorts.map(roleOf)]),
  );
  const groups = (given.groups as Facts[]).map((each) =>
    ageing(groupOf(wanted, { ...each, costs: each.podDeletionCosts } as never), when.newRevision),
  );
  const observed = observedOf(groups, { revisions, currentRevision: given.statusCurrentRevision ?? '' });
  const { applied, actions } = onePass(wanted, observed);
  const created = actions.filter((each) => each.type === 'CreateGroup');
  return {
    createdOrdinals: created.map((each) => each.group),
    createdRevision: Object.fromEntries(created.map((each) => [each.group, each.revision])),
    finalOrdinals: applied.groups.map((each) => each.ordinal),
    templateSource: created.every((each) => revisions[each.revision]) ? 'snapshot' : 'spec',
    status: modelServingStatus({ desired: wanted, observed: applied, nowIso: '' }),
    ...Object.fromEntries(created.map((each) => [`group${each.group}Roles`, each.counts])),
  };
}

/** scaleDownGroups: whom one pass deletes, in order, and who stays. */
export function scaleDownGroups(given: Facts, when: Facts): Facts {
  const groups = given.groups as Facts[];
  const wanted = desiredOf(noRoles.map(roleOf), {
    replicas: when.replicas,
    revision: groups[0]?.revision ?? '',
    ...guardsOf(given),
  });
  const observed = observedOf(
    groups.map((each) => groupOf(wanted, { ...each, costs: each.podDeletionCosts } as never)),
  );
  const { applied, actions } = onePass(wanted, observed);
  const deleted = actions.filter((each) => each.type === 'DeleteGroup').map((each) => each.group);
  return {
    remainingOrdinals: applied.groups.filter((each) => !each.record.deleting).map((each) => each.ordinal),
    deletedOrdinals: deleted,
    newlyDeleted: [...deleted].sort((a, b) => a - b),
  };
}

/** scaleUpRole and scaleDownRole: the same within one group. */
export function scaleRole(given: Facts, when: Facts): Facts {
  const byRole = given.rolloutType === 'RoleRollingUpdate';
  const role = roleOf({
    name: when.role,
    replicas: when.replicas,
    ...(byRole && present(given.rolePartition) && { partition: given.rolePartition }),
  });
  const wanted = desiredOf([role], {
    rolloutType: byRole ? 'RoleRollingUpdate' : 'ServingGroupRollingUpdate',
    ...(when.newRevision && { revision: when.newRevision }),
  });
  const instances = (given.roles as Facts[]).map((each) =>
    instanceOf(wanted, role, {
      ordinal: ordinalOf(each.id),
      status: each.status,
      revision: wanted.revision,
      hash: wanted.roleHashes[role.name] ?? '',
      costs: each.podDeletionCosts,
    }),
  );
  const before = instances.filter((each) => !each.deleting).length;
  const status = given.groupStatus ?? 'Creating';
  const base = groupOf(wanted, { ordinal: given.group ?? 0, status, revision: wanted.revision });
  const group = { ...base, instances, record: { ...base.record, counts: { [role.name]: before } } };
  const { applied, actions } = onePass(wanted, observedOf([group]));
  const found = applied.groups[0];
  const ofRole = (found?.instances ?? []).filter((each) => each.role === role.name);
  const named = (type: Action['type']) =>
    actions.flatMap((each) => (each.type === type && 'role' in each ? [each] : []));
  return {
    remaining: ofRole.filter((each) => !each.deleting).map((each) => each.roleId),
    newlyDeleted: named('DeleteInstance')
      .map((each) => roleId(each.role, each.ordinal))
      .sort(),
    createdOrdinals: named('CreateInstance').map((each) => each.ordinal),
    finalOrdinals: ofRole.map((each) => each.ordinal).sort((a, b) => a - b),
    // Those of before: a pass of ours may shrink in the same breath.
    stillDeleting: instances.filter((each) => each.deleting).map((each) => each.roleId),
    groupStatus: found?.record.status,
  };
}

/** A partition of groups is in force only where groups are rolled as a whole. */
const guardsOf = ({ partition, rolloutType }: Facts): Partial<Desired> => ({
  ...(rolloutType === 'RoleRollingUpdate' && { rolloutType }),
  ...(present(partition) && rolloutType !== 'RoleRollingUpdate' && { partition }),
});

function onePass(desired: Desired, observed: Observed): { applied: Observed; actions: readonly Action[] } {
  const next = plan(desired, observed, 0);
  return { applied: apply(desired, observed, next, 0), actions: next.actions };
}

/** What has another revision than the newest was made from another template. */
const ageing = (group: ReturnType<typeof groupOf>, newest: string): ReturnType<typeof groupOf> =>
  group.record.revision === newest
    ? group
    : { ...group, instances: group.instances.map((each) => ({ ...each, templateHash: 'older' })) };

export const ordinalOf = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1));
