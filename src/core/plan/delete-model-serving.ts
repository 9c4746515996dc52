import type { Draft } from './draft.js';

/** The ModelServing goes: groups from the highest ordinal down, one at a time under the ordinal rules. Nothing else is done any more. */
export function deleteModelServing({ desired, views, actions, holds }: Draft): void {
  let above: string | undefined;
  for (const view of [...views].reverse()) {
    if (above !== undefined && desired.rules === 'ordinal') {
      holds.push({
        subject: view.label,
        reason: 'OrdinalStillDeleting',
        message: `${view.label} is deleted when ${above} is gone`,
      });
      continue;
    }
    above = view.label;
    if (view.deleting) continue;
    actions.push({
      type: 'DeleteGroup',
      group: view.ordinal,
      reason: 'ModelServingDeleted',
      message: `${view.label} is deleted because ${desired.name} is deleted`,
      candidates: [view, ...[...views].reverse().filter((each) => each !== view)].map((each) => each.label),
    });
  }
}
