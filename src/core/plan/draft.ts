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

/** In words, why a group is not Running: for the messages of those that wait for it. */
export function whyNotRunning(view: GroupView): string {
  if (view.deleting) return 'it is being deleted';
  if (view.heldUp) return `${view.heldUp.reason}: ${view.heldUp.message}`;
  for (const instance of view.group.instances) {
    if (instance.deleting) return `${instance.roleId} is being deleted`;
    const pod = instance.pods.find((each) => !each.ready);
    if (pod) return `${pod.name} is ${pod.phase === 'Running' ? 'not ready' : pod.phase}`;
  }
  return 'instances are missing';
}
