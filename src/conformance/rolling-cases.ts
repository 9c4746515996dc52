import { currentRevision } from '../core/current-revision.js';
import { groupStatus } from '../core/group-status.js';
import { expectedPods, instanceStatus } from '../core/instance-status.js';
import { isOutdated } from '../core/instance-template.js';
import { resolveIntOrPercent } from '../core/int-or-percent.js';
import { isInstanceRunning } from '../core/is-instance-running.js';
import { outdatedInstances } from '../core/outdated-instances.js';
import { plan } from '../core/plan/plan.js';
import { modelServingStatus } from '../core/status.js';
import { desiredOf, groupOf, instanceOf, observedOf, present, roleOf } from './case-world.js';
import type { Facts } from './conformance-case.js';
import { ordinalOf } from './scaling-cases.js';

/** selectOutdatedGroups: whom a roll-out deletes while the budget lasts. */
export function selectOutdatedGroups(given: Facts, when: Facts): Facts {
  const down: number[] = given.notRunningOutdated;
  const up: number[] = given.runningOutdated;
  const budget: number = when.budget;
  // As many groups of the new template that are down as it takes to leave just this budget.
  const spent = Math.max(0, 1 - budget);
  const above = 1 + Math.max(-1, ...down, ...up);
  const wanted = desiredOf([roleOf({ name: 'prefill' })], {
    replicas: down.length + up.length + spent,
    maxUnavailable: Math.max(1, budget),
  });
  const older = (ordinal: number, status: string) => {
    const group = groupOf(wanted, { ordinal, status, revision: 'older' });
    return { ...group, instances: group.instances.map((each) => ({ ...each, templateHash: 'older' })) };
  };
  const groups = [
    ...down.map((ordinal) => older(ordinal, 'Creating')),
    ...up.map((ordinal) => older(ordinal, 'Running')),
    ...Array.from({ length: spent }, (_, at) =>
      groupOf(wanted, { ordinal: above + at, status: 'Creating', revision: wanted.revision }),
    ),
  ];
  const { actions } = plan(wanted, observedOf(groups), 0);
  const deleteOrder = actions
    .filter((each) => each.type === 'DeleteGroup' && each.reason === 'Outdated')
    .map((each) => each.group);
  return { updateCount: deleteOrder.length, deletions: deleteOrder.length, deleteOrder, delete: deleteOrder };
}

/** selectOutdatedRoles: whom RoleRollingUpdate deletes in one group. Without maxUnavailable there is no budget at all: that is before defaults. */
export function selectOutdatedRoles(given: Facts): Facts {
  const role = roleOf(given.role);
  const wanted = desiredOf([role], { rolloutType: 'RoleRollingUpdate' });
  const revision = given.groupRevision ?? 'older';
  const revisions = Object.fromEntries(
    Object.entries((given.snapshots ?? {}) as Record<string, Facts>).map(([key, short]) => [
      key,
      [roleOf({ ...given.role, ...short })],
    ]),
  );
  const instances = (given.roles as Facts[]).map((each) =>
    instanceOf(wanted, role, {
      ordinal: ordinalOf(each.id),
      status: each.status,
      revision,
      hash: each.hash === 'current' ? (wanted.roleHashes[role.name] ?? '') : each.hash,
    }),
  );
  const gone = ((given.rolesNotInSpec ?? []) as Facts[]).map((each) =>
    instanceOf(wanted, roleOf({ name: nameOf(each.id) }), {
      ordinal: ordinalOf(each.id),
      status: each.status,
      revision,
      hash: each.hash,
    }),
  );
  const base = groupOf(wanted, { ordinal: 0, status: 'Running', revision }, []);
  const all = [...instances, ...gone];
  const counts = Object.fromEntries(all.map((each) => [each.role, 0]));
  for (const { role: name } of all) counts[name] = (counts[name] ?? 0) + 1;
  const record = { ...base.record, counts };
  const observed = observedOf([{ ...base, record, instances: all }], { revisions });
  const rolling = instances.map((each) => ({
    ordinal: each.ordinal,
    roleId: each.roleId,
    running: isInstanceRunning(wanted, observed, record, each),
    deleting: each.deleting !== undefined,
    outdated: isOutdated(wanted, observed, record, each),
  }));
  const maxUnavailable = present(given.role.maxUnavailable)
    ? resolveIntOrPercent(given.role.maxUnavailable, role.replicas, 'down')
    : undefined;
  const partition = present(given.role.partition)
    ? resolveIntOrPercent(given.role.partition, role.replicas, 'up')
    : 0;
  const limits = { replicas: role.replicas, maxUnavailable, partition };
  const { going, budget } = outdatedInstances(rolling, limits, 'upstream');
  // Roles that left the spec go with their counts, outside any budget.
  const removed = plan(wanted, observed, 0).actions.flatMap((each) =>
    each.type === 'DeleteInstance' && each.reason === 'RoleRemoved' ? [`${each.role}-${each.ordinal}`] : [],
  );
  const chosen = [...going.slice(0, budget).map((each) => each.roleId), ...removed];
  return { delete: chosen, deletions: chosen.length, hasOutdated: going.length + removed.length > 0 };
}

const nameOf = (id: string): string => id.slice(0, id.lastIndexOf('-'));

/** updateStatus: the revisions that a status names, or the selector. */
export function updateStatus(given: Facts, when: Facts): Facts {
  const roles = [roleOf({ name: given.firstRole ?? 'prefill' })];
  const revision = when.newRevision ?? '';
  const wanted = desiredOf(roles, {
    revision,
    ...(given.name && { name: given.name }),
    replicas: (given.groups ?? []).length,
  });
  const groups = ((given.groups ?? []) as Facts[]).map((each) => groupOf(wanted, each as never));
  const observed = observedOf(groups, { currentRevision: given.statusCurrentRevision ?? '' });
  const named = { ...observed, currentRevision: currentRevision(wanted, observed, observed.groups) };
  return { ...modelServingStatus({ desired: wanted, observed: named, nowIso: '' }) };
}

/** groupReady: whether the roles that are there make the group Running. */
export function groupReady(given: Facts): Facts {
  const roles = (given.specRoles as Facts[]).map(roleOf);
  const wanted = desiredOf(roles);
  const base = groupOf(wanted, { ordinal: 0, status: 'Creating', revision: wanted.revision });
  const instances = (given.rolesInStore as Facts[]).flatMap((each) => {
    const role = roles.find(({ name }) => name === nameOf(each.id));
    const { status } = each;
    const at = { ordinal: ordinalOf(each.id), status, revision: wanted.revision, hash: '' };
    return role ? [instanceOf(wanted, role, at)] : [];
  });
  const status = groupStatus({ ...base, instances }, ({ role }) => roles.find(({ name }) => name === role));
  return { ready: status === 'Running', error: false };
}

/** roleReady: whether the pods that are there make the instance Running, and how many it takes. */
export function roleReady(given: Facts, when: Facts): Facts {
  const role = roleOf(given.role);
  const wanted = desiredOf([role]);
  const base = instanceOf(wanted, role, {
    ordinal: ordinalOf(when.roleID ?? `${role.name}-0`),
    status: 'Running',
    revision: wanted.revision,
    hash: '',
  });
  const pods = (given.pods as Facts[]).map((each, index) => ({
    ...(base.pods[index] ?? base.pods[0]),
    index,
    phase: each.phase,
    ready: each.ready && each.phase === 'Running',
    deleting: each.deleting === true,
  }));
  const instance = { ...base, pods: pods as typeof base.pods };
  const expected = expectedPods(instance, role);
  return { ready: instanceStatus(instance, expected) === 'Running', expectedPods: expected };
}
