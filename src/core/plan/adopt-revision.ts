import type { Draft } from './draft.js';

/** A group in which nothing is outdated any more takes the new revision, without a restart. */
export function adoptRevision({ desired, views, actions, taken }: Draft): void {
  for (const view of views) {
    if (view.deleting || view.outdated || taken.has(view.ordinal)) continue;
    if (view.group.record.revision === desired.revision) continue;
    actions.push({
      type: 'SetRevision',
      group: view.ordinal,
      revision: desired.revision,
      reason: 'AdoptRevision',
      message: `${view.label} is at revision ${desired.revision} as it stands`,
      candidates: [view.label],
    });
  }
}
