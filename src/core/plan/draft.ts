import type { Hold } from '../../api/types/resources.js';
import type { Action, Desired, Observed } from '../types.js';
import type { GroupView } from '../view-groups.js';

/** A plan in the making: each rule reads the views, and adds what it does, what it waits for and when to look again. */
export interface Draft {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly nowMs: number;
  /** All groups by ordinal, those being deleted included. */
  readonly views: readonly GroupView[];
  readonly actions: Action[];
  readonly holds: Hold[];
  /** Ordinals that an earlier rule acts on in this pass: one kind of thing per group and pass. */
  readonly taken: Set<number>;
  recheckAtMs?: number;
}

export function lookAgain(draft: Draft, atMs: number): void {
  if (draft.recheckAtMs === undefined || atMs < draft.recheckAtMs) draft.recheckAtMs = atMs;
}
