import { expect } from 'vitest';
import { roleTemplateHash } from '../../../src/api/revision-hash.js';
import { partitionOf, roleLimitsOf } from '../../../src/core/limits.js';
import type { Desired, GroupObserved, Observed } from '../../../src/core/types.js';
import type { Scene } from './scene.js';

/** What a partition keeps, stays and comes back as it is; what is new only by name is not. */
export function checkGuards(scene: Scene): void {
  theGuardedKeepTheirRevision(scene);
  theGuardedInstancesStay(scene);
  theGuardedComeBackOld(scene);
  theNewestIsTakenAsItStands(scene);
}

/** Judged without the views: a group below the partition with anything old in it is neither replaced nor renamed. */
function theGuardedKeepTheirRevision({ desired, observed, next }: Scene): void {
  const guarded = observed.groups
    .slice(0, partitionOf(desired))
    .filter((group) => isOld(desired, observed, group));
  const ordinals = new Set(guarded.map((group) => group.ordinal));
  for (const action of next.actions) {
    if (!ordinals.has(action.group)) continue;
    expect(action.type).not.toBe('SetRevision');
    expect(action.reason).not.toBe('Outdated');
    if (action.type === 'CreateInstance') {
      const group = guarded.find((each) => each.ordinal === action.group);
      expect(action.revision).toBe(group?.record.revision);
    }
  }
}

/** The first of a role by position are never rolled. */
function theGuardedInstancesStay({ desired, views, next }: Scene): void {
  if (desired.rolloutType !== 'RoleRollingUpdate') return;
  for (const { group, ordinal } of views) {
    for (const role of desired.roles) {
      const first = group.instances
        .filter((each) => each.role === role.name)
        .sort((a, b) => a.ordinal - b.ordinal)
        .slice(0, roleLimitsOf(desired, role).partition);
      for (const action of next.actions) {
        if (action.type !== 'DeleteInstance' || action.group !== ordinal || action.reason !== 'Outdated')
          continue;
        expect(first.some((each) => each.role === action.role && each.ordinal === action.ordinal)).toBe(
          false,
        );
      }
    }
  }
}

/** What is missing below a partition comes back from the older template, as long as that is stored: groups, and instances of a role. */
function theGuardedComeBackOld({ desired, observed, next }: Scene): void {
  for (const action of next.actions) {
    if (action.type === 'CreateGroup' && action.group < partitionOf(desired)) {
      const isStored = observed.revisions[observed.currentRevision] !== undefined;
      expect(action.revision).toBe(isStored ? observed.currentRevision : desired.revision);
    }
    if (action.type !== 'CreateInstance') continue;
    const record = observed.groups.find((each) => each.ordinal === action.group)?.record;
    const role = desired.roles.find((each) => each.name === action.role);
    if (!record || !role || action.ordinal >= roleLimitsOf(desired, role).partition) continue;
    const isStored = observed.revisions[record.revision]?.some((each) => each.name === action.role);
    if (isStored) expect(action.revision).toBe(record.revision);
  }
}

/** A group takes the name of the newest template only when all that is in it is of it, and nothing older is to come back. */
function theNewestIsTakenAsItStands({ desired, observed, next }: Scene): void {
  const names = desired.roles.map((role) => role.name).sort();
  for (const action of next.actions) {
    if (action.type !== 'SetRevision') continue;
    expect(action.revision).toBe(desired.revision);
    const group = observed.groups.find((each) => each.ordinal === action.group);
    const alive = group?.instances.filter((each) => !each.deleting) ?? [];
    expect(alive.filter((each) => each.templateHash !== desired.roleHashes[each.role])).toEqual([]);
    expect(Object.keys(group?.record.counts ?? {}).sort()).toEqual(names);
    for (const role of observed.revisions[group?.record.revision ?? ''] ? desired.roles : []) {
      const kept = Math.min(roleLimitsOf(desired, role).partition, role.replicas);
      expect(alive.filter((each) => each.role === role.name && each.ordinal < kept).length).toBe(kept);
    }
  }
}

function isOld(desired: Desired, observed: Observed, { record, instances }: GroupObserved): boolean {
  const stored = observed.revisions[record.revision];
  if (record.deleting || record.revision === desired.revision || !stored) return false;
  const alive = instances.filter((instance) => !instance.deleting);
  const lacksOld = stored.some(
    (role) =>
      roleTemplateHash(role) !== desired.roleHashes[role.name] &&
      alive.filter((each) => each.role === role.name).length < (record.counts[role.name] ?? 0),
  );
  return lacksOld || alive.some((instance) => instance.templateHash !== desired.roleHashes[instance.role]);
}
