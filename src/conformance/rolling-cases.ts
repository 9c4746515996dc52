import { roleTemplateHash } from '../api/revision-hash.js';
import { currentRevision } from '../core/current-revision.js';
import { expectedPods, instanceStatus } from '../core/instance-status.js';
import { isOutdated } from '../core/instance-template.js';
import { resolveIntOrPercent } from '../core/int-or-percent.js';
import { isInstanceRunning } from '../core/is-instance-running.js';
import { outdatedInstances } from '../core/outdated-instances.js';
import { plan } from '../core/plan/plan.js';
import { modelServingStatus } from '../core/status.js';
import type { Counts } from '../core/types.js';
import { viewGroups } from '../core/view-groups.js';
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
import { ageing, groupForm } from './scaling-cases.js';
import { present } from './template-of.js';

/** selectOutdatedGroups: whom a roll-out deletes while the budget lasts. */
export function selectOutdatedGroups(given: Facts, when: Facts): Facts {
  const down: number[] = given.notRunningOutdated ?? [];
  const up: number[] = given.runningOutdated ?? [];
  const budget: number = when.budget;
  // As many groups of the new template that are down as it takes to leave just this budget.
  const spent = Math.max(0, 1 - budget);
  const above = 1 + Math.max(-1, ...down, ...up);
  const wanted = desiredOf([roleOf({ name: 'prefill' })], {
    replicas: down.length + up.length + spent,
    maxUnavailable: Math.max(1, budget),
  });
  const older = (ordinal: number, status: string) =>
    ageing(groupOf(wanted, { ordinal, status, revision: 'older' }), wanted.revision);
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
  const shorts = itemsOf(given.roles);
  const revision = given.groupRevision ?? 'older';
  // Which template a missing hash stands for may be said without the template itself.
  const inferred = shorts.find((each) => present(each.inferredFromSnapshot))?.inferredFromSnapshot;
  const stored =
    given.snapshots ?? (inferred && { [revision]: inferred === 'current' ? {} : { image: 'older' } });
  const revisions = snapshotsOf(stored, [role], given.role);
  const instances = shorts.map((each) =>
    instanceOf(wanted, role, {
      ordinal: ordinalOf(each.id),
      status: each.status,
      revision,
      hash: each.hash === 'current' ? (wanted.roleHashes[role.name] ?? '') : (each.hash ?? ''),
    }),
  );
  const gone = itemsOf(given.rolesNotInSpec).map((each) =>
    instanceOf(wanted, roleOf({ name: nameOf(each.id) }), {
      ordinal: ordinalOf(each.id),
      status: each.status,
      revision,
      hash: each.hash ?? '',
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
  const maxUnavailable = present(given.role?.maxUnavailable)
    ? resolveIntOrPercent(given.role.maxUnavailable, role.replicas, 'down')
    : undefined;
  const partition = present(given.role?.partition)
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

/** updateStatus: the counts and revisions that a status names, and the selector. */
export function updateStatus(given: Facts, when: Facts): Facts {
  const shorts = given.groups
    ? itemsOf(given.groups)
    : Object.entries((given.groupRevisions ?? {}) as Record<string, string>).map(([ordinal, revision]) => ({
        ordinal: Number(ordinal),
        status: 'Running',
        revision,
      }));
  const { partition, replicas } = given;
  const wanted = desiredOf([roleOf({ name: given.firstRole ?? 'prefill' })], {
    revision: when.newRevision ?? given.newRevision ?? '',
    ...(given.name && { name: given.name }),
    ...(present(partition) && { partition }),
    replicas: replicas ?? shorts.length,
  });
  const groups = shorts.map((each) => ageing(groupOf(wanted, groupForm(each)), wanted.revision));
  const observed = observedOf(groups, { currentRevision: given.statusCurrentRevision ?? '' });
  const named = { ...observed, currentRevision: currentRevision(wanted, observed, observed.groups) };
  return { ...modelServingStatus({ desired: wanted, observed: named, nowIso: '' }) };
}

/** groupReady: whether the roles that are there make the group Running; a protected group by its own template. */
export function groupReady(given: Facts): Facts {
  const { groupRevision, partition, ordinal = 0 } = given;
  const spec = ((given.specRoles ?? given.roles ?? []) as Facts[]).map(roleOf);
  const isGuarded = present(partition) && ordinal < resolveIntOrPercent(partition, given.replicas ?? 1, 'up');
  const wanted = desiredOf(spec, { ...(isGuarded && { partition }), replicas: given.replicas ?? 1 });
  const revision = groupRevision ?? wanted.revision;
  const revisions = snapshotsOf(given.snapshots, spec);
  const own = revisions[revision] ?? spec;
  const base = groupOf(wanted, { ordinal, status: 'Creating', revision }, []);
  const instances = itemsOf(given.rolesInStore).flatMap((each) => {
    const role = [...own, ...spec].find(({ name }) => name === nameOf(each.id));
    if (!role) return [];
    const hash = own.includes(role) ? roleTemplateHash(role) : (wanted.roleHashes[role.name] ?? '');
    return [instanceOf(wanted, role, { ordinal: ordinalOf(each.id), status: each.status, revision, hash })];
  });
  // What a pass would tell it to have, and how it is judged then.
  const told = (counts: Counts) =>
    viewGroups(
      wanted,
      observedOf([{ ...base, instances, record: { ...base.record, counts } }], { revisions }),
      0,
    );
  const target = told(Object.fromEntries(own.map(({ name, replicas }) => [name, replicas])))[0]?.target ?? {};
  return { ready: told(target)[0]?.running ?? false, error: false };
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
  const pods = itemsOf(given.pods).map((each, index) => ({
    ...(base.pods[index] ?? base.pods[0]),
    index,
    phase: each.phase,
    ready: each.ready === true && each.phase === 'Running',
    deleting: Boolean(each.deleting ?? each.deletionTimestamp),
  }));
  const instance = { ...base, pods: pods as typeof base.pods };
  const expected = expectedPods(instance, role);
  return { ready: instanceStatus(instance, expected) === 'Running', expectedPods: expected };
}
