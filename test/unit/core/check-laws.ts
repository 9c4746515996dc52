import { expect } from 'vitest';
import { groupLabel } from '../../../src/api/names.js';
import { roleTemplateHash } from '../../../src/api/revision-hash.js';
import { apply } from '../../../src/core/apply.js';
import { isInstanceRunning } from '../../../src/core/is-instance-running.js';
import { maxUnavailableOf, partitionOf, roleLimitsOf } from '../../../src/core/limits.js';
import { plan } from '../../../src/core/plan/plan.js';
import type { Action, Desired, GroupObserved, Observed, Plan } from '../../../src/core/types.js';
import type { Candidate } from '../../../src/core/victims.js';
import { type GroupView, viewGroups } from '../../../src/core/view-groups.js';

interface Scene {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly nowMs: number;
  readonly next: Plan;
  readonly views: readonly GroupView[];
}

/** What holds of every plan in every state, whatever happened before. */
export function checkLaws(desired: Desired, observed: Observed, nowMs: number): void {
  const next = plan(desired, observed, nowMs);
  const scene = { desired, observed, nowMs, next, views: viewGroups(desired, observed, nowMs) };
  everythingIsExplained(scene);
  everyActionSaysWhy(scene);
  nothingIsDoneTwice(scene);
  nothingIsMadeUnderATakenName(scene);
  if (desired.deleting) return;
  restMeansRest(scene);
  theBudgetHolds(scene);
  theBudgetOfEachRoleHolds(scene);
  theGuardedKeepTheirRevision(scene);
  theGuardedInstancesStay(scene);
  theGuardedComeBackOld(scene);
  theNewestIsTakenAsItStands(scene);
  whatComesBackIsOfItsGroupsTemplate(scene);
  if (desired.rules === 'upstream') {
    theLeastUsefulGoFirst(scene);
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

/** The first of a role by position are never rolled. */
function theGuardedInstancesStay({ desired, views, next }: Scene): void {
  if (desired.rolloutType !== 'RoleRollingUpdate') return;
  for (const { group, ordinal } of views) {
    for (const role of desired.roles) {
      const first = group.instances
        .filter((each) => each.role === role.name)
        .sort((a, b) => a.ordinal - b.ordinal)
        .slice(0, roleLimitsOf(desired, role).partition);
      for (const action of next.actions) {
        if (action.type !== 'DeleteInstance' || action.group !== ordinal || action.reason !== 'Outdated')
          continue;
        expect(first.some((each) => each.role === action.role && each.ordinal === action.ordinal)).toBe(
          false,
        );
      }
    }
  }
}

/** What goes first under `upstream`: what is not Running, then what costs less, then the higher ordinal; what a partition guards goes last. */
function theLeastUsefulGoFirst({ desired, observed, views, next }: Scene): void {
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

/** Judged without the views: a group below the partition with anything old in it is neither replaced nor renamed. */
function theGuardedKeepTheirRevision({ desired, observed, next }: Scene): void {
  const guarded = observed.groups
    .slice(0, partitionOf(desired))
    .filter((group) => isOld(desired, observed, group));
  const ordinals = new Set(guarded.map((group) => group.ordinal));
  for (const action of next.actions) {
    if (!ordinals.has(action.group)) continue;
    expect(action.type).not.toBe('SetRevision');
    expect(action.reason).not.toBe('Outdated');
    if (action.type === 'CreateInstance') {
      const group = guarded.find((each) => each.ordinal === action.group);
      expect(action.revision).toBe(group?.record.revision);
    }
  }
}

/** A group takes the name of the newest template only when all that is in it is of it, and nothing older is to come back. */
function theNewestIsTakenAsItStands({ desired, observed, next }: Scene): void {
  const names = desired.roles.map((role) => role.name).sort();
  for (const action of next.actions) {
    if (action.type !== 'SetRevision') continue;
    expect(action.revision).toBe(desired.revision);
    const group = observed.groups.find((each) => each.ordinal === action.group);
    const alive = group?.instances.filter((each) => !each.deleting) ?? [];
    expect(alive.filter((each) => each.templateHash !== desired.roleHashes[each.role])).toEqual([]);
    expect(Object.keys(group?.record.counts ?? {}).sort()).toEqual(names);
    for (const role of observed.revisions[group?.record.revision ?? ''] ? desired.roles : []) {
      const kept = Math.min(roleLimitsOf(desired, role).partition, role.replicas);
      expect(alive.filter((each) => each.role === role.name && each.ordinal < kept).length).toBe(kept);
    }
  }
}

/** What is missing below a partition comes back from the older template, as long as that is stored: groups, and instances of a role. */
function theGuardedComeBackOld({ desired, observed, next }: Scene): void {
  for (const action of next.actions) {
    if (action.type === 'CreateGroup' && action.group < partitionOf(desired)) {
      const isStored = observed.revisions[observed.currentRevision] !== undefined;
      expect(action.revision).toBe(isStored ? observed.currentRevision : desired.revision);
    }
    if (action.type !== 'CreateInstance') continue;
    const record = observed.groups.find((each) => each.ordinal === action.group)?.record;
    const role = desired.roles.find((each) => each.name === action.role);
    if (!record || !role || action.ordinal >= roleLimitsOf(desired, role).partition) continue;
    const isStored = observed.revisions[record.revision]?.some((each) => each.name === action.role);
    if (isStored) expect(action.revision).toBe(record.revision);
  }
}

function isOld(desired: Desired, observed: Observed, { record, instances }: GroupObserved): boolean {
  if (record.deleting || record.revision === desired.revision || !observed.revisions[record.revision])
    return false;
  const wanted = Object.values(record.counts).reduce((sum, count) => sum + count, 0);
  const alive = instances.filter((instance) => !instance.deleting);
  return (
    alive.length < wanted ||
    alive.some((instance) => instance.templateHash !== desired.roleHashes[instance.role])
  );
}
