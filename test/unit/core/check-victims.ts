import { expect } from 'vitest';
import { isInstanceRunning } from '../../../src/core/is-instance-running.js';
import { roleLimitsOf } from '../../../src/core/limits.js';
import type { Candidate } from '../../../src/core/victims.js';
import type { Scene } from './scene.js';

/** What goes first under `upstream`: what is not Running, then what costs less, then the higher ordinal; what a partition guards goes last. */
export function checkVictims({ desired, observed, views, next }: Scene): void {
  const going = next.actions.filter((each) => each.reason === 'OutOfRange');
  goFirst(
    views.filter((view) => !view.deleting),
    (view) => going.some((each) => each.group === view.ordinal),
  );
  const partitions = new Map(desired.roles.map((role) => [role.name, roleLimitsOf(desired, role).partition]));
  const surplus = next.actions.filter((each) => each.reason === 'SurplusInstance');
  for (const { group, ordinal } of views) {
    for (const role of new Set(group.instances.map((each) => each.role))) {
      const own = group.instances.filter((each) => each.role === role).sort((a, b) => a.ordinal - b.ordinal);
      const weighed = own.map((each, position) => ({
        ordinal: each.ordinal,
        running: isInstanceRunning(desired, observed, group.record, each),
        cost: each.pods.reduce((sum, pod) => sum + pod.deletionCost, 0),
        guarded: position < (partitions.get(role) ?? 0),
        deleting: each.deleting !== undefined,
      }));
      goFirst(
        weighed.filter((each) => !each.deleting),
        (each) =>
          surplus.some(
            (a) =>
              a.type === 'DeleteInstance' &&
              a.group === ordinal &&
              a.role === role &&
              a.ordinal === each.ordinal,
          ),
      );
    }
  }
}

function goFirst<C extends Candidate>(all: readonly C[], goes: (each: C) => boolean): void {
  const rank = ({ guarded, running, cost, ordinal }: Candidate) => [
    guarded ? 1 : 0,
    running ? 1 : 0,
    cost,
    -ordinal,
  ];
  for (const chosen of all.filter(goes)) {
    for (const spared of all.filter((each) => !goes(each))) {
      const [a, b] = [rank(chosen), rank(spared)];
      const at = a.findIndex((each, index) => each !== b[index]);
      expect([chosen.ordinal, spared.ordinal, (a[at] ?? 0) < (b[at] ?? 0)]).toEqual([
        chosen.ordinal,
        spared.ordinal,
        true,
      ]);
    }
  }
}
