import { label } from '../api/labels.js';
import { groupLabel, groupName, instanceName } from '../api/names.js';
import type { Hold, RoleInstance, ServingGroup } from '../api/types/resources.js';
import { expectedPods, instanceStatus } from '../core/instance-status.js';
import { instanceTemplate } from '../core/instance-template.js';
import { rolesOf } from '../core/templates.js';
import type { Desired, GroupObserved, InstanceObserved, Observed } from '../core/types.js';
import type { ObjectStore } from '../store/object-store.js';

/** Writes what the controller believes as servinggroups and roles, and removes those that are gone. Calls `onPhase` for each new phase of a role. */
export function project(
  store: ObjectStore,
  desired: Desired,
  observed: Observed,
  holds: readonly Hold[],
  onPhase: (role: RoleInstance) => void = () => {},
): void {
  const groups: ServingGroup[] = [];
  const roles: RoleInstance[] = [];
  for (const group of observed.groups) {
    const own = group.instances.map((instance) => {
      const template = instanceTemplate(desired, observed, group.record, instance);
      return roleObject(desired, group, instance, expectedPods(instance, template), holds);
    });
    roles.push(...own);
    groups.push(groupObject(desired, group, own, missingPods(desired, observed, group), holds));
  }
  const filter = { namespace: desired.namespace, labelSelector: `${label.modelServing}=${desired.name}` };
  for (const role of roles) {
    const before = store.get('roles', desired.namespace, role.metadata.name);
    // What runs already when it is first seen was adopted by a restart: that is no news.
    if (before ? before.status.phase !== role.status.phase : role.status.phase !== 'Running') onPhase(role);
  }
  replaceAll(store, 'servinggroups', store.list('servinggroups', filter).items, groups);
  replaceAll(store, 'roles', store.list('roles', filter).items, roles);
}

function replaceAll<R extends 'servinggroups' | 'roles'>(
  store: ObjectStore,
  resource: R,
  before: readonly (ServingGroup | RoleInstance)[],
  now: readonly (R extends 'servinggroups' ? ServingGroup : RoleInstance)[],
): void {
  const names = new Set(now.map((each) => each.metadata.name));
  const known = new Map(before.map((each) => [each.metadata.name, each]));
  for (const { metadata } of before) if (!names.has(metadata.name)) store.remove(resource, metadata);
  for (const each of now) {
    const old = known.get(each.metadata.name);
    // Deleting ends only in removal: what is not Deleting any more was made anew under its name.
    const isNew = old?.status.phase === 'Deleting' && each.status.phase !== 'Deleting';
    if (isNew) store.remove(resource, old.metadata);
    if (old && !isNew) store.update(resource, each as never);
    else
      store.create(resource, { ...each, metadata: { ...each.metadata, ...madeWith(store, each) } } as never);
  }
}

/** After a restart, what is adopted is as old as its oldest pod. */
function madeWith(store: ObjectStore, { kind, metadata, spec }: ServingGroup | RoleInstance) {
  const owner =
    kind === 'Role'
      ? `${label.group}=${spec.group},${label.roleId}=${spec.roleId}`
      : `${label.group}=${metadata.name}`;
  const { items } = store.list('pods', { namespace: metadata.namespace, labelSelector: owner });
  const [oldest] = items.flatMap((pod) => pod.metadata.creationTimestamp ?? []).sort();
  return oldest === undefined ? {} : { creationTimestamp: oldest };
}

/** Pods of instances that the group shall have and that are not made yet. */
function missingPods(desired: Desired, observed: Observed, { record, instances }: GroupObserved): number {
  if (record.deleting) return 0;
  const roles = rolesOf(desired, observed, record.revision) ?? desired.roles;
  return roles.reduce((total, { name, workerReplicas }) => {
    const there = instances.filter((each) => each.role === name).length;
    return total + Math.max(0, (record.counts[name] ?? 0) - there) * (1 + workerReplicas);
  }, 0);
}

function groupObject(
  desired: Desired,
  { ordinal, record }: GroupObserved,
  roles: readonly RoleInstance[],
  missing: number,
  holds: readonly Hold[],
): ServingGroup {
  const at = groupLabel(ordinal);
  const below = holds.filter((each) => each.subject.startsWith(`${at}/`));
  // What is stuck tells more than what is merely not ready yet.
  const hold =
    holds.find((each) => each.subject === at) ??
    below.find((each) => each.reason !== 'PodsNotReady') ??
    below[0];
  return {
    apiVersion: 'minithena.dev/v1alpha1',
    kind: 'ServingGroup',
    metadata: {
      name: groupName(desired.name, ordinal),
      namespace: desired.namespace,
      labels: { [label.modelServing]: desired.name },
    },
    spec: { modelServing: desired.name, ordinal, revision: record.revision, counts: { ...record.counts } },
    status: {
      phase: record.status,
      reason: hold?.reason ?? record.deleting?.reason ?? '',
      message: hold?.message ?? '',
      readyPods: sum(roles, (each) => each.status.readyPods),
      totalPods: sum(roles, (each) => each.status.totalPods) + missing,
      restarts: sum(roles, (each) => each.status.restarts),
    },
  };
}

function roleObject(
  desired: Desired,
  group: GroupObserved,
  instance: InstanceObserved,
  expected: number,
  holds: readonly Hold[],
): RoleInstance {
  const owner = groupName(desired.name, group.ordinal);
  const hold = holds.find((each) => each.subject === `${groupLabel(group.ordinal)}/${instance.roleId}`);
  return {
    apiVersion: 'minithena.dev/v1alpha1',
    kind: 'Role',
    metadata: {
      name: instanceName(owner, instance.roleId),
      namespace: desired.namespace,
      labels: { [label.modelServing]: desired.name, [label.group]: owner, [label.role]: instance.role },
    },
    spec: {
      modelServing: desired.name,
      group: owner,
      groupOrdinal: group.ordinal,
      role: instance.role,
      roleId: instance.roleId,
      ordinal: instance.ordinal,
      revision: instance.revision,
    },
    status: {
      phase: instanceStatus(instance, expected),
      reason: hold?.reason ?? instance.deleting?.reason ?? '',
      message: hold?.message ?? '',
      readyPods: instance.pods.filter((pod) => pod.ready).length,
      totalPods: instance.deleting ? instance.pods.length : expected,
      restarts: sum(instance.pods, (pod) => pod.restarts),
    },
  };
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
