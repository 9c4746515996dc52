import { expect } from 'vitest';
import type { IntOrPercent } from '../../../src/api/types/model-serving.js';
import type { Desired, GroupObserved, InstanceObserved, Observed } from '../../../src/core/types.js';

const share = (value: IntOrPercent | undefined, total: number): number =>
  typeof value === 'string' ? Math.ceil((Number.parseInt(value, 10) * total) / 100) : (value ?? 0);

/** What is there when all has come to rest is what the spec says, but for what a partition keeps. Judged by the spec alone. */
export function checkRest(desired: Desired, observed: Observed): void {
  const { groups } = observed;
  expect(groups.length).toBe(desired.replicas);
  if (desired.rules === 'ordinal')
    expect(groups.map((group) => group.ordinal)).toEqual(groups.map((_, at) => at));
  const byRole = desired.rolloutType === 'RoleRollingUpdate';
  const kept = byRole ? 0 : share(desired.partition, desired.replicas);
  for (const group of groups.slice(kept)) checkGroup(desired, observed, group);
  const isKept = kept > 0 || desired.roles.some((role) => byRole && role.partition !== undefined);
  if (!isKept) expect(observed.currentRevision).toBe(desired.revision);
}

function checkGroup(desired: Desired, observed: Observed, { record, instances }: GroupObserved): void {
  const byRole = desired.rolloutType === 'RoleRollingUpdate';
  const wanted = Object.fromEntries(desired.roles.map((role) => [role.name, role.replicas]));
  expect(record.counts).toEqual(wanted);
  expect(instances.every((each) => each.role in wanted)).toBe(true);
  for (const role of desired.roles) {
    const own = instances.filter((each) => each.role === role.name).sort((a, b) => a.ordinal - b.ordinal);
    expect(own.length).toBe(role.replicas);
    if (desired.rules === 'ordinal') expect(own.map((each) => each.ordinal)).toEqual(own.map((_, at) => at));
    for (const each of own.slice(byRole ? share(role.partition, role.replicas) : 0)) {
      expect(each.templateHash).toBe(desired.roleHashes[role.name]);
      checkPods(each, 1 + role.workerReplicas);
    }
  }
  if (!byRole) expect(record.revision).toBe(desired.revision);
  else expect(observed.revisions[record.revision] ?? record.revision).toBeDefined();
}

function checkPods({ pods }: InstanceObserved, count: number): void {
  expect(pods.map((pod) => pod.index).sort()).toEqual(Array.from({ length: count }, (_, at) => at));
  expect(pods.every((pod) => pod.ready)).toBe(true);
}
