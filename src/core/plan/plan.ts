import type { Desired, Observed, Plan } from '../types.js';
import { viewGroups } from '../view-groups.js';
import { adoptRevision } from './adopt-revision.js';
import { deleteModelServing } from './delete-model-serving.js';
import type { Draft } from './draft.js';
import { explainWaits } from './explain-waits.js';
import { fillGroups } from './fill-groups.js';
import { recover } from './recover.js';
import { replaceBroken, rollOut } from './roll-out.js';
import { replaceBrokenInstances, rollOutRoles } from './roll-out-roles.js';
import { scaleDownGroups, scaleUpGroups } from './scale-groups.js';
import { scaleRoles } from './scale-roles.js';

/**
 * The next step only, from what is wanted, what is there and what time it is. Per group one kind of thing: deletion before recovery before
 * scaling before roll-out. Every difference between spec and state has an action or a hold. Pure; docs/scaling.md has the rules in words.
 */
export function plan(desired: Desired, observed: Observed, nowMs: number): Plan {
  const views = viewGroups(desired, observed, nowMs);
  const draft: Draft = { desired, observed, nowMs, views, actions: [], holds: [], taken: new Set() };
  if (desired.deleting) {
    deleteModelServing(draft);
  } else {
    const byRole = desired.rolloutType === 'RoleRollingUpdate';
    adoptRevision(draft);
    scaleDownGroups(draft);
    if (byRole) replaceBrokenInstances(draft);
    else replaceBroken(draft);
    recover(draft);
    scaleUpGroups(draft);
    scaleRoles(draft);
    fillGroups(draft);
    if (byRole) rollOutRoles(draft);
    else rollOut(draft);
  }
  explainWaits(draft);
  const { actions, holds, recheckAtMs } = draft;
  return {
    actions,
    holds,
    ...(recheckAtMs !== undefined && { recheckAfterMs: Math.max(1, recheckAtMs - nowMs) }),
  };
}
