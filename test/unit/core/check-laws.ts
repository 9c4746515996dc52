import { expect } from 'vitest';
import { groupLabel } from '../../../src/api/names.js';
import { roleTemplateHash } from '../../../src/api/revision-hash.js';
import { apply } from '../../../src/core/apply.js';
import { isInstanceRunning } from '../../../src/core/is-instance-running.js';
import { maxUnavailableOf, roleLimitsOf } from '../../../src/core/limits.js';
import { plan } from '../../../src/core/plan/plan.js';
import type { Action, Desired, Observed } from '../../../src/core/types.js';
import { type GroupView, viewGroups } from '../../../src/core/view-groups.js';
import { checkGuards } from './check-guards.js';
import { checkVictims } from './check-victims.js';
import type { Scene } from './scene.js';

/** What holds of every plan in every state, whatever happened before. */
export function checkLaws(desired: Desired, observed: Observed, nowMs: number): void {
  const next = plan(desired, observed, nowMs);
  const scene = { desired, observed, nowMs, next, views: viewGroups(desired, observed, nowMs) };
  everythingIsExplained(scene);
  everyActionSaysWhy(scene);
  nothingIsDoneTwice(scene);
  nothingIsMadeUnderATakenName(scene);
  oneKindPerGroup(scene);
  if (desired.deleting) return;
  restMeansRest(scene);
  theBudgetHolds(scene);
  theBudgetOfEachRoleHolds(scene);
  aPauseHolds(scene);
  theHighestIsRolledFirst(scene);
  checkGuards(scene);
  whatComesBackIsOfItsGroupsTemplate(scene);
  if (desired.rules === 'upstream') {
    checkVictims(scene);
    return;
  }
  oneLeavesRunningAtATime(scene);
  theHighestGoesFirst(scene);
  theLowestComesFirst(scene);
}

const isRunning = ({ views }: Scene, ordinal: number): boolean =>
  views.some((view) => view.ordinal === ordinal && view.running);

const isAsWanted = (desired: Desired, view: GroupView): boolean =>
  !desired.deleting &&
  view.running &&
  view.countsMet &&
  (!view.outdated || view.isProtected) &&
  !view.surplus;

/** Every difference has an action or a hold about that very group. */
function everythingIsExplained({ desired, views, next }: Scene): void {
  const explained = new Set([
    ...next.actions.map((action) => action.group),
    ...next.holds.map((hold) => Number(/^G-(\d+)/.exec(hold.subject)?.[1] ?? -1)),
  ]);
  const present = new Set(views.map((view) => view.ordinal));
  const alive = views.filter((view) => !view.deleting).length;
  // Under `upstream` a group beyond the range stands for one within it.
  const lacking = desired.rules === 'upstream' ? Math.max(0, desired.replicas - alive) : desired.replicas;
  const missing = Array.from({ length: desired.deleting ? 0 : desired.replicas }, (_, k) => k)
    .filter((ordinal) => !present.has(ordinal))
    .slice(0, lacking);
  const differing = views.filter((view) => !isAsWanted(desired, view)).map((view) => view.ordinal);
  expect([...differing, ...missing].filter((ordinal) => !explained.has(ordinal))).toEqual([]);
  for (const hold of next.holds) {
    expect(hold.message).not.toBe('');
    expect(hold.message).not.toMatch(/undefined|NaN/);
  }
}

/** A converged state plans nothing, but for taking note that it is at the newest revision. */
function restMeansRest({ desired, views, next }: Scene): void {
  if (views.length !== desired.replicas || !views.every((view) => isAsWanted(desired, view))) return;
  expect(next.actions.filter((action) => action.type !== 'SetRevision')).toEqual([]);
  expect(next.holds).toEqual([]);
}

function everyActionSaysWhy({ next, views }: Scene): void {
  for (const action of next.actions) {
    expect(action.message).not.toMatch(/^$|undefined|NaN/);
    expect(action.candidates[0]).toMatch(new RegExp(`^G-${action.group}($|/)`));
  }
  const labels = new Set(views.map((view) => view.label));
  for (const { type, group } of next.actions)
    expect(labels.has(groupLabel(group))).toBe(type !== 'CreateGroup');
}

const target = (action: Action): string =>
  [
    action.type,
    action.group,
    'role' in action ? `${action.role}-${action.ordinal}` : '',
    'podIndex' in action ? action.podIndex : '',
    'counts' in action ? JSON.stringify(action.counts) : '',
  ].join(' ');

/** A pass that comes before anything moved does not begin again what is under way. */
function nothingIsDoneTwice({ desired, observed, nowMs, next }: Scene): void {
  const begun = apply(desired, observed, next, nowMs);
  const revisions = { ...observed.revisions, [desired.revision]: desired.roles };
  const again = plan(desired, { ...begun, revisions }, nowMs);
  const targets = new Set(next.actions.map(target));
  expect(targets.size).toBe(next.actions.length);
  expect(again.actions.map(target).filter((each) => targets.has(each))).toEqual([]);
}

/** No ordinal is created while its predecessor in name is still terminating, be it group, instance or pod. */
function nothingIsMadeUnderATakenName({ observed, next }: Scene): void {
  for (const action of next.actions) {
    const group = observed.groups.find((each) => each.ordinal === action.group);
    const same = group?.instances.find(
      (each) => 'role' in action && each.role === action.role && each.ordinal === action.ordinal,
    );
    if (action.type === 'CreateGroup') expect(group).toBeUndefined();
    if (action.type === 'CreateInstance') expect(same).toBeUndefined();
    if (action.type === 'CreatePod')
      expect(same?.pods.some((pod) => pod.index === action.podIndex)).toBe(false);
  }
}

/** Deletion before recovery before scaling before roll-out: a group that goes has nothing else begun in it, and no pass both repairs and rolls. */
function oneKindPerGroup({ next }: Scene): void {
  const kindOf = ({ type, reason }: Action) => {
    if (type === 'DeleteGroup') return 'deletion';
    if (reason === 'PodFailed' || reason === 'PodLost' || reason === 'IncompleteInstance') return 'recovery';
    return reason === 'Outdated' ? 'roll-out' : 'scaling';
  };
  const kinds = new Map<number, Set<string>>();
  for (const action of next.actions) {
    if (action.type === 'SetRevision') continue;
    kinds.set(action.group, (kinds.get(action.group) ?? new Set()).add(kindOf(action)));
  }
  for (const found of kinds.values()) expect([...found].length).toBe(1);
}

function aPauseHolds({ desired, next }: Scene): void {
  if (desired.paused) expect(next.actions.filter((each) => each.reason === 'Outdated')).toEqual([]);
}

/** Of what is Running and outdated, no lower group is replaced while a higher one stays. */
function theHighestIsRolledFirst({ views, next }: Scene): void {
  const rolled = new Set(
    next.actions.flatMap((a) => (a.type === 'DeleteGroup' && a.reason === 'Outdated' ? [a.group] : [])),
  );
  const busy = new Set(next.actions.flatMap((a) => (a.type === 'SetRevision' ? [] : [a.group])));
  const spared = views.filter(
    (view) => view.running && view.outdated && !view.isProtected && !view.surplus && !busy.has(view.ordinal),
  );
  const lowest = Math.min(
    ...views.filter((view) => view.running && rolled.has(view.ordinal)).map((v) => v.ordinal),
  );
  expect(spared.filter((view) => view.ordinal > lowest).map((view) => view.label)).toEqual([]);
}

/** Scaling takes a Running group out of Running only when all others are Running or held up. */
function oneLeavesRunningAtATime(scene: Scene): void {
  const told = scene.next.actions.filter((a) => a.type === 'SetCounts' && isRunning(scene, a.group));
  expect(told.length).toBeLessThanOrEqual(1);
  if (told.length === 0) return;
  expect(scene.views.filter((view) => !view.running && !view.heldUp).map((view) => view.label)).toEqual([]);
  expect(scene.next.actions.filter((action) => action.type === 'DeleteGroup')).toEqual([]);
}

/** A roll-out never leaves fewer than replicas − maxUnavailable Running. */
function theBudgetHolds(scene: Scene): void {
  const rolled = scene.next.actions.filter(
    (a) => a.type === 'DeleteGroup' && a.reason === 'Outdated' && isRunning(scene, a.group),
  );
  if (rolled.length === 0) return;
  expect(scene.desired.paused).toBe(false);
  const leaving = new Set(
    scene.next.actions.flatMap((each) => (each.type === 'SetRevision' ? [] : [each.group])),
  );
  const staying = scene.views.filter((view) => view.running && !leaving.has(view.ordinal)).length;
  expect(staying).toBeGreaterThanOrEqual(scene.desired.replicas - maxUnavailableOf(scene.desired));
}

/** A failure is no roll-out: an instance comes back from the template that its group has, unless roles are rolled and that is not paused. */
function whatComesBackIsOfItsGroupsTemplate({ desired, observed, next }: Scene): void {
  if (desired.rolloutType === 'RoleRollingUpdate' && !desired.paused) return;
  for (const { record, ordinal, instances } of observed.groups) {
    const stored = observed.revisions[record.revision]?.filter(
      (role) => role.name in desired.roleHashes && roleTemplateHash(role) !== desired.roleHashes[role.name],
    );
    for (const { name } of stored ?? []) {
      const present = instances.filter((each) => each.role === name && !each.deleting).length;
      if (record.deleting || present >= (record.counts[name] ?? 0)) continue;
      const own = next.actions.filter((each) => each.group === ordinal);
      for (const each of own)
        if (each.type === 'CreateInstance' && each.role === name) expect(each.revision).toBe(record.revision);
      expect(own.filter((each) => each.type === 'SetRevision')).toEqual([]);
    }
  }
}

/** The same within each role of each group, and one group at a time under the ordinal rules. */
function theBudgetOfEachRoleHolds({ desired, observed, views, next }: Scene): void {
  const rolled = next.actions.filter((a) => a.type === 'DeleteInstance' && a.reason === 'Outdated');
  const groups = new Set<number>();
  for (const view of views) {
    for (const role of desired.roles) {
      const own = view.group.instances.filter((each) => each.role === role.name);
      const runs = own.filter((each) => isInstanceRunning(desired, observed, view.group.record, each));
      const gone = rolled.filter(
        (a) =>
          a.type === 'DeleteInstance' &&
          a.group === view.ordinal &&
          runs.some((each) => each.role === a.role && each.ordinal === a.ordinal),
      );
      if (gone.length === 0) continue;
      groups.add(view.ordinal);
      const { maxUnavailable = 0, partition } = roleLimitsOf(desired, role);
      // kthena's own rules do not see that a protected one is down.
      const unseen = desired.rules === 'upstream' ? Math.min(partition, own.length - runs.length) : 0;
      expect(runs.length - gone.length).toBeGreaterThanOrEqual(role.replicas - maxUnavailable - unseen);
    }
  }
  expect(rolled.length > 0 && desired.paused).toBe(false);
  if (desired.rules === 'ordinal') expect(groups.size).toBeLessThanOrEqual(1);
}

function theHighestGoesFirst({ next, views }: Scene): void {
  for (const action of next.actions) {
    if (action.type === 'DeleteGroup' && action.reason === 'OutOfRange')
      expect(action.group).toBe(Math.max(...views.map((view) => view.ordinal)));
  }
}

function theLowestComesFirst({ next, views }: Scene): void {
  const made = next.actions.filter((action) => action.type === 'CreateGroup');
  expect(made.length).toBeLessThanOrEqual(1);
  for (const { group } of made)
    expect(views.filter((view) => view.ordinal < group && view.running).length).toBe(group);
}
