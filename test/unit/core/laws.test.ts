import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoleSpec } from '../../../src/api/types/model-serving.js';
import { apply } from '../../../src/core/apply.js';
import { plan } from '../../../src/core/plan/plan.js';
import { stageRow } from '../../../src/core/stage-row.js';
import type { Desired, InstanceObserved, Observed, Plan, PodObserved } from '../../../src/core/types.js';
import { viewGroups } from '../../../src/core/view-groups.js';
import { empty, role, wanted } from './world.js';

/** A small world around the rules: pods start when there is room and their image is good, fail, and go away, in any order. */
interface World {
  observed: Observed;
  desired: Desired;
  nowMs: number;
  /** How many pods fit at once. */
  room: number;
  bad: Set<string>;
}

const image = (roles: readonly RoleSpec[]) => roles[0]?.entryTemplate.spec?.containers[0]?.image ?? '';

function mapInstances(
  world: World,
  change: (instance: InstanceObserved, group: number) => InstanceObserved,
): void {
  world.observed = {
    ...world.observed,
    groups: world.observed.groups.map((group) => ({
      ...group,
      instances: group.instances.map((instance) => change(instance, group.ordinal)),
    })),
  };
}

const podsOf = (world: World): PodObserved[] =>
  world.observed.groups.flatMap((group) => group.instances.flatMap((instance) => [...instance.pods]));

/** Starts, readies and removes what `chosen` says, as the scheduler and the kubelet would. */
function progress(world: World, chosen: (at: number) => boolean): void {
  let used = podsOf(world).filter((pod) => pod.phase === 'Running').length;
  let at = 0;
  mapInstances(world, (instance) => {
    const broken = world.bad.has(image(world.observed.revisions[instance.revision] ?? world.desired.roles));
    const pods = instance.pods.flatMap((pod): PodObserved[] => {
      if (!chosen(at++)) return [pod];
      if (pod.deleting) {
        if (pod.phase === 'Running') used--;
        return [];
      }
      const { heldUp: _heldUp, ...free } = pod;
      if (pod.phase === 'Pending' && used >= world.room) {
        return [{ ...pod, heldUp: { reason: 'Unschedulable', message: 'no room' } }];
      }
      if (pod.phase === 'Pending') used++;
      if (broken)
        return [{ ...free, phase: 'Running', heldUp: { reason: 'ErrImagePull', message: 'no such image' } }];
      const { failed: _failed, ...healthy } = free;
      return [{ ...healthy, phase: 'Running', ready: true }];
    });
    return { ...instance, pods, uid: '' } as InstanceObserved;
  });
  world.observed = {
    ...world.observed,
    groups: world.observed.groups
      .map((group) => ({
        ...group,
        instances: group.instances.filter((each) => !(each.deleting && each.pods.length === 0)),
      }))
      .filter((group) => !(group.record.deleting && group.instances.length === 0)),
  };
}

function pass(world: World): Plan {
  const { desired, observed, nowMs } = world;
  const next = plan(desired, observed, nowMs);
  checkLaws(world, next);
  const applied = apply(desired, observed, next, nowMs);
  world.observed = { ...applied, revisions: { ...observed.revisions, [desired.revision]: desired.roles } };
  return next;
}

function checkLaws({ desired, observed, nowMs }: World, next: Plan): void {
  const views = viewGroups(desired, observed, nowMs);
  const running = views.filter((view) => view.running);
  const isRunning = (ordinal: number) => running.some((view) => view.ordinal === ordinal);
  const rolled = next.actions.filter(
    (a) => a.type === 'DeleteGroup' && a.reason === 'Outdated' && isRunning(a.group),
  );
  if (rolled.length > 0) {
    const most = Math.max(1, Number(desired.maxUnavailable ?? 1));
    expect(running.length - rolled.length).toBeGreaterThanOrEqual(desired.replicas - most);
  }
  const told = next.actions.filter((a) => a.type === 'SetCounts' && isRunning(a.group));
  expect(told.length).toBeLessThanOrEqual(1);
  if (told.length > 0 && desired.replicas > 0) {
    expect(views.filter((view) => !view.running && !view.deleting && !view.heldUp)).toEqual([]);
  }
  for (const action of next.actions) {
    expect(action.message).not.toBe('');
    const view = views.find((each) => each.ordinal === action.group);
    if (action.type === 'CreateGroup') {
      expect(view).toBeUndefined();
      expect(views.filter((each) => each.ordinal < action.group && !each.running)).toEqual([]);
    }
    if (action.type === 'DeleteGroup' && action.reason === 'OutOfRange') {
      expect(action.group).toBe(Math.max(...views.map((each) => each.ordinal)));
    }
    if (action.type === 'CreateInstance') {
      const same = view?.group.instances.filter(
        (i) => i.role === action.role && i.ordinal === action.ordinal,
      );
      expect(same).toEqual([]);
    }
  }
  const done =
    views.length === desired.replicas &&
    views.every((view) => view.running && view.countsMet && (!view.outdated || view.isProtected));
  if (!done) expect(next.actions.length + next.holds.length).toBeGreaterThan(0);
  else expect(next.actions.filter((action) => action.type !== 'SetRevision')).toEqual([]);
}

const counts = fc.integer({ min: 0, max: 3 });
const specArbitrary = fc.record({
  replicas: fc.integer({ min: 0, max: 4 }),
  prefill: counts,
  decode: counts,
  image: fc.constantFrom('a', 'b', 'bad'),
  workers: fc.integer({ min: 0, max: 1 }),
  maxUnavailable: fc.integer({ min: 1, max: 3 }),
});
type Spec = typeof specArbitrary extends fc.Arbitrary<infer T> ? T : never;

const desiredOf = (spec: Spec, recoveryPolicy: Desired['recoveryPolicy']): Desired =>
  wanted(
    spec.replicas,
    [role('prefill', spec.prefill, spec.image), role('decode', spec.decode, spec.image, spec.workers)],
    { maxUnavailable: spec.maxUnavailable, recoveryPolicy },
  );

const stepArbitrary = fc.oneof(
  { weight: 2, arbitrary: specArbitrary.map((spec) => ({ type: 'edit' as const, spec })) },
  {
    weight: 8,
    arbitrary: fc.infiniteStream(fc.boolean()).map((chosen) => ({ type: 'progress' as const, chosen })),
  },
  { weight: 8, arbitrary: fc.constant({ type: 'pass' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('fail' as const, 'lose' as const, 'unready' as const),
      which: fc.nat(100),
    }),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 400_000 }).map((ms) => ({ type: 'wait' as const, ms })) },
);

function fault(world: World, type: 'fail' | 'lose' | 'unready', which: number): void {
  const victims = podsOf(world).filter((pod) => pod.phase === 'Running' && !pod.deleting);
  const victim = victims[which % Math.max(1, victims.length)];
  if (!victim) return;
  mapInstances(world, (instance) => {
    if (!instance.pods.includes(victim)) return instance;
    if (type === 'lose') {
      const rest = instance.pods.filter((pod) => pod !== victim);
      return { ...instance, pods: rest, lost: [...instance.lost, victim.index] };
    }
    const failed = { reason: 'Error', message: 'exit code 1', sinceMs: world.nowMs };
    const changed = type === 'fail' ? { ...victim, ready: false, failed } : { ...victim, ready: false };
    return { ...instance, pods: instance.pods.map((pod) => (pod === victim ? changed : pod)) };
  });
}

/** Everything chosen happens; the image becomes good and nothing fails any more. True when it comes to rest. */
function converge(world: World): boolean {
  const last = image(world.desired.roles);
  if (world.bad.has(last)) {
    const roles = world.desired.roles.map((each) =>
      role(each.name, each.replicas, 'good', each.workerReplicas),
    );
    world.desired = {
      ...wanted(world.desired.replicas, roles),
      recoveryPolicy: world.desired.recoveryPolicy,
    };
  }
  // Room for what is wanted, and for a role of an older template that had a worker more.
  world.room = world.desired.replicas * world.desired.roles.reduce((sum, each) => sum + each.replicas * 2, 0);
  for (let turn = 0; turn < 400; turn++) {
    const next = pass(world);
    progress(world, () => true);
    world.nowMs += next.recheckAfterMs ?? 1000;
    const row = stageRow(world.desired, world.observed);
    if (
      next.actions.length === 0 &&
      row.length === world.desired.replicas &&
      row.every((cell) => cell === '✅')
    ) {
      return true;
    }
  }
  return false;
}

describe('the laws of scaling', () => {
  const runs = Number(process.env.MINITHENA_RUNS ?? 300);
  it.each(['RoleRecreate', 'ServingGroupRecreate', 'None'] as const)(
    'any history of edits and faults keeps the laws and converges (%s)',
    (policy) => {
      fc.assert(
        fc.property(
          specArbitrary,
          fc.array(stepArbitrary, { maxLength: 60 }),
          fc.integer({ min: 2, max: 40 }),
          (first, steps, room) => {
            const world: World = {
              observed: empty,
              desired: desiredOf(first, policy),
              nowMs: 0,
              room,
              bad: new Set(['bad']),
            };
            for (const step of steps) {
              if (step.type === 'edit') world.desired = desiredOf(step.spec, policy);
              else if (step.type === 'progress') progress(world, () => step.chosen.next().value as boolean);
              else if (step.type === 'pass') pass(world);
              else if (step.type === 'wait') world.nowMs += step.ms;
              else fault(world, step.type, step.which);
            }
            expect(converge(world)).toBe(true);
          },
        ),
        { numRuns: runs },
      );
    },
    120_000,
  );
});
