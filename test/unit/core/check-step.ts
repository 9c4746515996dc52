import { expect } from 'vitest';
import type { ModelServingStatus } from '../../../src/api/types/model-serving.js';
import { isInstanceRunning } from '../../../src/core/is-instance-running.js';
import { modelServingStatus } from '../../../src/core/status.js';
import type { Desired, GroupObserved, Observed } from '../../../src/core/types.js';

/** What holds between a state and the one with the next pass's actions begun. */
export function checkStep(before: Observed, after: Observed): void {
  for (const { ordinal, record, instances } of before.groups) {
    const later = after.groups.find((each) => each.ordinal === ordinal);
    expect(later).toBeDefined();
    // Deleting ends in removal alone, and the same victims stay chosen.
    if (record.deleting) expect(later?.record).toEqual(record);
    for (const { roleId, deleting } of instances) {
      if (deleting)
        expect(later?.instances.find((each) => each.roleId === roleId)?.deleting).toEqual(deleting);
    }
  }
  // A roll-out comes from the same revision as long as anything is left of it.
  if (after.groups.some(({ record }) => record.revision === before.currentRevision))
    expect(after.currentRevision).toBe(before.currentRevision);
  for (const { record, instances } of after.groups) {
    if (!record.deleting) continue;
    expect(record.status).toBe('Deleting');
    expect(instances.every((each) => each.deleting)).toBe(true);
  }
}

const exclusive = ['Available', 'Progressing', 'UpdateInProgress'];

/** The status that a pass writes; `previous` is the one before, whose words must not stay. Judged without the views. */
export function checkStatus(
  desired: Desired,
  after: Observed,
  previous: ModelServingStatus | undefined,
): ModelServingStatus {
  const status = modelServingStatus({ desired, observed: after, previous, nowIso: 'now' });
  const alive = after.groups.filter((group) => !group.record.deleting);
  const running = alive.filter((group) => isRunning(desired, after, group));
  expect(status).toMatchObject({
    observedGeneration: desired.generation,
    replicas: after.groups.length,
    availableReplicas: running.length,
    updateRevision: desired.revision,
    currentRevision: after.currentRevision,
  });
  expect(status.updatedReplicas).toBeLessThanOrEqual(alive.length);
  const older = alive.length - status.updatedReplicas;
  expect([older, status.updatedReplicas]).toContain(status.currentReplicas);
  const isTrue = status.conditions.filter((each) => each.status === 'True').map(({ type }) => type);
  expect(isTrue.length).toBe(1);
  expect(exclusive).toContain(isTrue[0]);
  const isWhole = running.length === after.groups.length && running.length >= desired.replicas;
  expect([isTrue[0] === 'Available', isWhole]).toEqual([isWhole, isWhole]);
  const busy = after.groups.filter((group) => !running.includes(group)).map(({ ordinal }) => `G-${ordinal}`);
  for (const { type, status: is, message } of status.conditions) {
    const named = is === 'True' ? type !== 'Available' : type === 'Available';
    const names = message.match(/G-\d+/g) ?? [];
    expect(names.filter((name) => busy.includes(name))).toEqual(named ? busy : []);
  }
  return status;
}

const isRunning = (desired: Desired, observed: Observed, { record, instances }: GroupObserved): boolean =>
  instances.every((each) => isInstanceRunning(desired, observed, record, each)) &&
  Object.entries(record.counts).every(
    ([role, count]) => instances.filter((each) => each.role === role).length === count,
  ) &&
  instances.every(({ role }) => (record.counts[role] ?? 0) > 0);
