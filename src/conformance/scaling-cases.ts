import { roleId } from '../api/names.js';
import { apply } from '../core/apply.js';
import { plan } from '../core/plan/plan.js';
import { modelServingStatus } from '../core/status.js';
import type { Action, Desired, GroupObserved, Observed } from '../core/types.js';
import {
  desiredOf,
  groupOf,
  instanceOf,
  itemsOf,
  nameOf,
  observedOf,
  ordinalOf,
  roleOf,
  snapshotsOf,
} from './case-world.js';
import type { Facts } from './conformance-case.js';
import { present } from './template-of.js';

const noRoles: readonly Facts[] = [{ name: 'prefill', replicas: 1, workerReplicas: 0 }];

/** scaleUpGroups and scaleDownGroups: what one pass creates, from which template, whom it deletes, in order, and who stays. */
export function scaleGroups(given: Facts, when: Facts): Facts {
  const shorts = itemsOf(given.groups);
  const roles = ((given.specRoles ?? given.roles ?? noRoles) as Facts[]).map(roleOf);
  const newest = when.newRevision ?? shorts[0]?.revision ?? 'revision';
  const current = given.statusCurrentRevision ?? '';
  const wanted = desiredOf(roles, { replicas: when.replicas, revision: newest, ...guardsOf(given) });
  // What is not said to be lost is stored.
  const revisions = snapshotsOf(given.snapshots ?? (current === '' ? [] : [current]), roles);
  const groups = shorts.map((each) => ageing(groupOf(wanted, groupForm(each)), newest));
  const { applied, actions } = onePass(wanted, observedOf(groups, { revisions, currentRevision: current }));
  const created = actions.filter((each) => each.type === 'CreateGroup');
  const deleted = actions.flatMap((each) =>
    each.type === 'DeleteGroup' && each.reason === 'OutOfRange' ? [each.group] : [],
  );
  const going = groups.filter((each) => each.record.deleting).map((each) => each.ordinal);
  const made = new Set(created.map((each) => each.group));
  const final = applied.groups.map((each) => each.ordinal);
  return {
    createdOrdinals: [...made],
    createdRevision: Object.fromEntries(created.map((each) => [each.group, each.revision])),
    finalOrdinals: final,
    stillDeleting: going,
    podsCreated: podsOf(applied.groups.filter((each) => made.has(each.ordinal))),
    deletedOrdinals: deleted,
    newlyDeleted: deleted,
    remainingOrdinals: final.filter((each) => ![...made, ...going, ...deleted].includes(each)),
    templateSource: created.every((each) => revisions[each.revision]) ? 'snapshot' : 'spec',
    status: modelServingStatus({ desired: wanted, observed: applied, nowIso: '' }),
    ...Object.fromEntries(created.map((each) => [`group${each.group}Roles`, each.counts])),
  };
}

/** scaleUpRole and scaleDownRole: the same within one group. */
export function scaleRole(given: Facts, when: Facts): Facts {
  const shorts = itemsOf(given.roles);
  // A partition of roles is in force only where roles are rolled.
  const partition = given.rolePartition ?? ('rolloutType' in given ? undefined : given.partition);
  const byRole =
    given.rolloutType === 'RoleRollingUpdate' || (present(partition) && !('rolloutType' in given));
  const name: string = when.role ?? nameOf(shorts[0]?.id ?? 'role-0');
  const role = roleOf({
    name,
    replicas: when.replicas,
    ...(byRole && { partition: partition ?? given.partition }),
  });
  const others = [...new Set(shorts.map(({ id }) => nameOf(id)))].filter((each) => each !== name);
  const countOf = (of: string) =>
    shorts.filter(({ id, status }) => nameOf(id) === of && status !== 'Deleting').length;
  const roles = [role, ...others.map((each) => roleOf({ name: each, replicas: countOf(each) }))];
  const newest = when.newRevision ?? 'revision';
  const older = given.groupRevision ?? given.statusCurrentRevision;
  const wanted = desiredOf(roles, {
    rolloutType: byRole ? 'RoleRollingUpdate' : 'ServingGroupRollingUpdate',
    revision: newest,
  });
  const revision: string = older ?? newest;
  const instances = shorts.map((each) => {
    const of = roles.find((one) => one.name === nameOf(each.id)) ?? role;
    return instanceOf(wanted, of, {
      ordinal: ordinalOf(each.id),
      status: each.status,
      revision,
      hash: wanted.roleHashes[of.name] ?? '',
      costs: each.podDeletionCosts,
    });
  });
  const status = given.groupStatus ?? 'Creating';
  const base = groupOf(wanted, { ordinal: given.group ?? 0, status, revision });
  const counts = Object.fromEntries(roles.map((each) => [each.name, countOf(each.name)]));
  const group = { ...base, instances, record: { ...base.record, counts } };
  const revisions = snapshotsOf(given.snapshots ?? (older ? [older] : []), roles);
  const { applied, actions } = onePass(
    wanted,
    observedOf([group], { revisions, currentRevision: older ?? '' }),
  );
  const found = applied.groups[0];
  const ofRole = (found?.instances ?? []).filter((each) => each.role === name);
  const named = (type: Action['type']) =>
    actions.flatMap((each) => (each.type === type && 'role' in each && each.role === name ? [each] : []));
  const [created, deleted] = [named('CreateInstance'), named('DeleteInstance')];
  const ids = (of: typeof created) => of.map((each) => roleId(each.role, each.ordinal));
  const staying = ofRole.filter((each) => !each.deleting);
  return {
    remaining: staying.map((each) => each.roleId),
    remainingOrdinals: staying.map((each) => each.ordinal),
    newlyDeleted: ids(deleted),
    deleted: ids(deleted),
    deletedOrdinals: deleted.map((each) => each.ordinal),
    created: ids(created),
    createdOrdinals: created.map((each) => each.ordinal),
    createdRevision: Object.fromEntries(
      created.flatMap((each) =>
        [each.ordinal, roleId(each.role, each.ordinal)].map((key) => [
          key,
          'revision' in each ? each.revision : newest,
        ]),
      ),
    ),
    finalOrdinals: ofRole.map((each) => each.ordinal),
    // Those of before: a pass of ours may shrink in the same breath.
    stillDeleting: instances.filter((each) => each.deleting && each.role === name).map((each) => each.roleId),
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

/** A group's short form: ordinal, status, revision, podDeletionCosts. */
export const groupForm = ({ ordinal, id, status, revision, podDeletionCosts }: Facts) => ({
  ordinal: ordinal ?? ordinalOf(String(id)),
  status: status ?? 'Creating',
  revision: revision ?? '',
  costs: podDeletionCosts ?? [],
});

/** What has another revision than the newest was made from another template. */
export const ageing = (group: GroupObserved, newest: string): GroupObserved =>
  group.record.revision === newest
    ? group
    : { ...group, instances: group.instances.map((each) => ({ ...each, templateHash: 'older' })) };

const podsOf = (groups: readonly GroupObserved[]): number =>
  groups.flatMap(({ instances }) => instances.flatMap(({ pods }) => pods)).length;
