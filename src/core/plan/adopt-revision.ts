import type { Draft } from './draft.js';

/** A group in which nothing is outdated any more takes the new revision, without a restart, before anything is made in it. */
export function adoptRevision({ views, actions }: Draft): void {
  for (const { label, ordinal, revision, group } of views) {
    if (revision === group.record.revision) continue;
    actions.push({
      type: 'SetRevision',
      group: ordinal,
      revision,
      reason: 'AdoptRevision',
      message: `${label} is at revision ${revision} as it stands`,
      candidates: [label],
    });
  }
}
