import type { Stage } from '../api/types/resources.js';
import { apply } from './apply.js';
import { changeOf, type SpecFacts } from './change-of.js';
import { plan } from './plan/plan.js';
import { settle } from './settle.js';
import { noteAtRest, noteBefore, stageNote } from './stage-note.js';
import { rowBefore, sameRow, stageRow } from './stage-row.js';
import type { Desired, Observed } from './types.js';

/** Every pass brings at least one group forward, in few steps each: more passes than this is a fault of the rules, not a big serving. */
const passesPerGroup = 20;

/**
 * The stages that a spec would cause if all went well, without doing anything: folds plan, apply and settle. Empty when nothing differs.
 * `before` is the spec now in force, for the words of the notes.
 */
export function simulate(desired: Desired, observed: Observed, nowMs: number, before?: SpecFacts): Stage[] {
  const change = changeOf(before, desired);
  const stages: Stage[] = [{ cells: rowBefore(observed), note: noteBefore(change), startedAt: '' }];
  let state = observed;
  const passLimit = passesPerGroup * (1 + desired.replicas + observed.groups.length);
  for (let pass = 0; pass < passLimit; pass++) {
    const next = plan(desired, state, nowMs);
    const applied = apply(desired, state, next, nowMs);
    const row = stageRow(desired, applied);
    const last = stages.at(-1);
    const finished = next.actions.length === 0 && !row.includes('⏳');
    if (last && (!sameRow(last.cells, row) || (finished && stages.length > 1))) {
      const note = finished
        ? noteAtRest(change, row, next.holds[0])
        : stageNote(change, stages.length > 1 ? last.cells : undefined, row, applied);
      stages.push({ cells: row, note, startedAt: '' });
    }
    if (finished) return stages.length > 1 ? stages : [];
    state = settle(applied);
    if (next.recheckAfterMs !== undefined) nowMs += next.recheckAfterMs;
  }
  throw new Error(`no end after ${passLimit} passes for ${desired.namespace}/${desired.name}`);
}
