import type { Cell } from '../api/types/resources.js';
import type { Desired, Observed } from './types.js';
import { viewGroups } from './view-groups.js';

/**
 * One row of the stage board; the index is the ordinal. ⏳ is worked on, ❎ will still be changed by this operation, ✅ stands, '' does not
 * exist. Computed from the state with the pass's actions applied.
 */
export function stageRow(desired: Desired, observed: Observed): Cell[] {
  const row: Cell[] = [];
  for (const view of viewGroups(desired, observed, 0)) {
    while (row.length < view.ordinal) row.push('');
    const pending =
      desired.deleting || view.surplus || !view.countsMet || (view.outdated && !view.isProtected);
    if (view.deleting || !view.running) row.push('⏳');
    else row.push(pending ? '❎' : '✅');
  }
  return row;
}

/** The row under what was wanted before: nothing is pending yet. */
export const rowBefore = (observed: Observed): Cell[] => {
  const row: Cell[] = [];
  for (const { ordinal, record } of observed.groups) {
    while (row.length < ordinal) row.push('');
    row.push(record.status === 'Running' ? '✅' : '⏳');
  }
  return row;
};

export const sameRow = (a: readonly Cell[], b: readonly Cell[]): boolean =>
  a.length === b.length && a.every((cell, at) => cell === b[at]);
