import { groupName, instanceName, roleId } from '../../api/names.js';
import { backOffUntilMs, backOffWords } from '../back-off.js';
import { isInstanceRunning } from '../is-instance-running.js';
import { roleLimitsOf } from '../limits.js';
import { missingOrdinals } from '../missing-ordinals.js';
import { revisionOfNew } from '../revision-of-new.js';
import type { Action, Counts, InstanceObserved } from '../types.js';
import { victims, whyVictim } from '../victims.js';
import type { GroupView } from '../view-groups.js';
import { type Draft, lookAgain } from './draft.js';

/** Brings the instances of every group to its counts, those it was told in this very pass included. */
export function fillGroups(draft: Draft): void {
  const told = new Map<number, Counts>();
  for (const action of draft.actions) if (action.type === 'SetCounts') told.set(action.group, action.counts);
  for (const view of draft.views) {
    if (view.deleting) continue;
    const counts = told.get(view.ordinal);
    // What is Running has its counts; if its ordinals are not those of the rules in force, its turn comes.
    if (!counts && (view.running || draft.taken.has(view.ordinal))) continue;
    const before = draft.actions.length;
    fillGroup(draft, view, counts ?? view.group.record.counts);
    if (draft.actions.length > before) draft.taken.add(view.ordinal);
  }
}

function fillGroup(draft: Draft, view: GroupView, counts: Counts): void {
  const byRole = new Map<string, InstanceObserved[]>();
  for (const instance of view.group.instances) {
    const same = byRole.get(instance.role);
    if (same) same.push(instance);
    else byRole.set(instance.role, [instance]);
  }
  for (const role in counts) {
    const instances = byRole.get(role) ?? [];
    const count = counts[role] ?? 0;
    byRole.delete(role);
    addMissing(draft, view, role, instances, count);
    dropSurplus(draft, view, instances, count, 'SurplusInstance');
  }
  for (const instances of byRole.values()) dropSurplus(draft, view, instances, 0, 'RoleRemoved');
}

function addMissing(
  draft: Draft,
  view: GroupView,
  role: string,
  instances: readonly InstanceObserved[],
  count: number,
): void {
  const { desired, observed } = draft;
  for (const { ordinal, deleting, roleId: id } of instances) {
    if (!deleting || ordinal >= count) continue;
    const subject = `${view.label}/${id}`;
    const message = `${subject} is made again when the deleted one's last container is gone`;
    draft.holds.push({ subject, reason: 'OrdinalStillDeleting', message });
  }
  // Under `upstream` those being deleted count as there until they are gone, and those beyond the range stay.
  const limit = desired.rules === 'upstream' ? count - instances.length : count;
  const present = instances.map((instance) => instance.ordinal);
  for (const ordinal of missingOrdinals(present, count, limit)) {
    const id = roleId(role, ordinal);
    const subject = `${view.label}/${id}`;
    const revision = revisionOfNew(desired, observed, view, role, ordinal);
    const entry = observed.backOff[instanceName(groupName(desired.name, view.ordinal), id)];
    const readyAtMs = backOffUntilMs(entry, revision);
    if (entry && draft.nowMs < readyAtMs) {
      lookAgain(draft, readyAtMs);
      draft.holds.push({ subject, reason: 'BackOff', message: backOffWords(subject, entry) });
      continue;
    }
    draft.actions.push({
      type: 'CreateInstance',
      group: view.ordinal,
      role,
      ordinal,
      revision,
      reason: 'MissingInstance',
      message: `${subject} is created: ${view.label} shall have ${count} of ${role}`,
      candidates: [subject],
    });
  }
}

function dropSurplus(
  draft: Draft,
  view: GroupView,
  instances: readonly InstanceObserved[],
  count: number,
  reason: 'SurplusInstance' | 'RoleRemoved',
): void {
  const { desired, observed } = draft;
  const role = desired.roles.find((each) => each.name === instances[0]?.role);
  const guarded = role ? roleLimitsOf(desired, role).partition : 0;
  const weighed = [...instances]
    .sort((a, b) => a.ordinal - b.ordinal)
    .map((instance, position) => ({
      roleId: instance.roleId,
      role: instance.role,
      ordinal: instance.ordinal,
      deleting: instance.deleting !== undefined,
      running: isInstanceRunning(desired, observed, view.group.record, instance),
      cost: instance.pods.reduce((sum, pod) => sum + pod.deletionCost, 0),
      guarded: position < guarded,
    }));
  const surplus = victims(desired.rules, weighed, count).filter((each) => !each.deleting);
  const labels = surplus.map((each) => `${view.label}/${each.roleId}`);
  surplus.forEach((each, at) => {
    const label = labels[at] ?? '';
    const action: Action = {
      type: 'DeleteInstance',
      group: view.ordinal,
      role: each.role,
      ordinal: each.ordinal,
      reason,
      message: `${label} is deleted: ${view.label} shall have ${count} of ${each.role}${desired.rules === 'upstream' && count > 0 ? `, and ${whyVictim('upstream', each)}` : ''}`,
      candidates: [label, ...labels.filter((other) => other !== label)],
    };
    draft.actions.push(action);
  });
}
