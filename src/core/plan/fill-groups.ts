import { groupName, instanceName, roleId } from '../../api/names.js';
import { backOffUntilMs } from '../back-off.js';
import type { Action, Counts, InstanceObserved } from '../types.js';
import type { GroupView } from '../view-groups.js';
import { type Draft, lookAgain, secondsUntil } from './draft.js';

/** Brings the instances of every group to its counts, those it was told in this very pass included. */
export function fillGroups(draft: Draft): void {
  const told = new Map<number, Counts>();
  for (const action of draft.actions) if (action.type === 'SetCounts') told.set(action.group, action.counts);
  for (const view of draft.views) {
    if (view.deleting) continue;
    const counts = told.get(view.ordinal);
    if (!counts && draft.taken.has(view.ordinal)) continue;
    fillGroup(draft, view, counts ?? view.group.record.counts);
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
  const byOrdinal = new Map(instances.map((instance) => [instance.ordinal, instance]));
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const id = roleId(role, ordinal);
    const subject = `${view.label}/${id}`;
    const present = byOrdinal.get(ordinal);
    if (present) {
      if (!present.deleting) continue;
      const message = `${subject} is made again when the deleted one's last container is gone`;
      draft.holds.push({ subject, reason: 'OrdinalStillDeleting', message });
      continue;
    }
    const name = instanceName(groupName(draft.desired.name, view.ordinal), id);
    const entry = draft.observed.backOff[name];
    const readyAtMs = backOffUntilMs(entry);
    if (draft.nowMs < readyAtMs) {
      lookAgain(draft, readyAtMs);
      const message = `${subject} failed ${entry?.failures} times and is made again in ${secondsUntil(draft, readyAtMs)}`;
      draft.holds.push({ subject, reason: 'BackOff', message });
      continue;
    }
    draft.actions.push({
      type: 'CreateInstance',
      group: view.ordinal,
      role,
      ordinal,
      revision: view.revision,
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
  const surplus = instances
    .filter((instance) => instance.ordinal >= count && !instance.deleting)
    .sort((a, b) => b.ordinal - a.ordinal);
  const candidates = surplus.map((instance) => `${view.label}/${instance.roleId}`);
  for (const { role, ordinal, roleId: id } of surplus) {
    const action: Action = {
      type: 'DeleteInstance',
      group: view.ordinal,
      role,
      ordinal,
      reason,
      message: `${view.label}/${id} is deleted: ${view.label} shall have ${count} of ${role}`,
      candidates,
    };
    draft.actions.push(action);
  }
}
