import { type Draft, lookAgain } from './draft.js';

/** A group in which nothing is outdated any more takes the new revision, without a restart. */
export function adoptRevision(draft: Draft): void {
  const { desired, views, actions, taken } = draft;
  for (const view of views) {
    if (view.deleting || view.outdated || taken.has(view.ordinal)) continue;
    if (view.group.record.revision === desired.revision) continue;
    // What it shall have follows from its template: the next pass sees whether something is to be done.
    lookAgain(draft, draft.nowMs);
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
