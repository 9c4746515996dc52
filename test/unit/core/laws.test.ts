import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stageRow } from '../../../src/core/stage-row.js';
import type { Desired, Observed, Rules } from '../../../src/core/types.js';
import { checkLaws } from './check-laws.js';
import { checkRecovery } from './check-recovery.js';
import { checkRest } from './check-rest.js';
import { checkStatus, checkStep } from './check-step.js';
import {
  type Fault,
  fault,
  imageOfRoles,
  killedPass,
  pass,
  progress,
  restartController,
  type SmallWorld,
  setCost,
  smallWorld,
} from './small-world.js';
import { role, wanted } from './world.js';

/** What stays the same in one history. `isTight`: in the end there is room for exactly what is wanted. */
const settingArbitrary = fc.record({
  recoveryPolicy: fc.constantFrom<Desired['recoveryPolicy']>('RoleRecreate', 'ServingGroupRecreate', 'None'),
  restartGraceMs: fc.constantFrom(0, 0, 30_000),
  isTight: fc.boolean(),
  room: fc.integer({ min: 2, max: 40 }),
});
type Setting = typeof settingArbitrary extends fc.Arbitrary<infer T> ? T : never;

const counts = fc.integer({ min: 0, max: 3 });
const specFields = {
  replicas: fc.integer({ min: 0, max: 4 }),
  prefill: counts,
  decode: counts,
  image: fc.constantFrom('a', 'b', 'bad'),
  /** These make an older template bigger than a newer one: only where there is plenty of room. */
  workers: fc.integer({ min: 0, max: 2 }),
  router: fc.boolean(),
  maxUnavailable: fc.constantFrom<number | string>(1, 1, 2, 3, '30%', '50%', '100%'),
  partition: fc.constantFrom<number | string | undefined>(undefined, undefined, undefined, 1, 3, '50%'),
  paused: fc.constantFrom(false, false, false, true),
  rules: fc.constantFrom<Rules>('ordinal', 'ordinal', 'upstream', 'upstream'),
  byRole: fc.constantFrom(false, false, true),
  rolePartition: fc.constantFrom<number | string | undefined>(undefined, undefined, 1, 2, '50%'),
};
const specArbitrary = fc.record(specFields);
type Spec = typeof specArbitrary extends fc.Arbitrary<infer T> ? T : never;

function desiredOf(spec: Spec, { recoveryPolicy, restartGraceMs, isTight }: Setting): Desired {
  const workers = isTight ? 1 : spec.workers;
  const partition = isTight ? undefined : spec.partition;
  const rolePartition = isTight || !spec.byRole ? undefined : spec.rolePartition;
  const roles = [
    role('prefill', spec.prefill, spec.image),
    role('decode', spec.decode, spec.image, workers),
    ...(spec.router && !isTight ? [role('router', 1, spec.image)] : []),
  ].map((each) => ({
    ...each,
    ...(spec.byRole && { maxUnavailable: spec.maxUnavailable }),
    ...(rolePartition !== undefined && { partition: rolePartition }),
  }));
  return wanted(spec.replicas, roles, {
    rules: spec.rules,
    rolloutType: spec.byRole ? 'RoleRollingUpdate' : 'ServingGroupRollingUpdate',
    recoveryPolicy:
      spec.byRole && recoveryPolicy === 'ServingGroupRecreate' ? 'RoleRecreate' : recoveryPolicy,
    restartGraceMs,
    paused: spec.paused,
    ...(!spec.byRole && {
      maxUnavailable: spec.maxUnavailable,
      ...(partition !== undefined && { partition }),
    }),
  });
}

const stepArbitrary = fc.oneof(
  { weight: 1, arbitrary: specArbitrary.map((spec) => ({ type: 'edit' as const, spec })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        specArbitrary,
        fc.subarray(Object.keys(specFields) as (keyof Spec)[], { minLength: 1, maxLength: 2 }),
      )
      .map(([spec, keys]) => ({
        type: 'edit' as const,
        spec: Object.fromEntries(keys.map((key) => [key, spec[key]])) as Partial<Spec>,
      })),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'undo' as const }) },
  {
    weight: 8,
    arbitrary: fc.infiniteStream(fc.boolean()).map((chosen) => ({ type: 'progress' as const, chosen })),
  },
  { weight: 4, arbitrary: fc.constant({ type: 'progress' as const, chosen: undefined }) },
  { weight: 10, arbitrary: fc.constant({ type: 'pass' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('fault' as const),
      fault: fc.constantFrom<Fault>('restart', 'die', 'unready', 'vanish', 'evict'),
      which: fc.nat(100),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'restart' as const }) },
  {
    weight: 1,
    arbitrary: fc.infiniteStream(fc.boolean()).map((chosen) => ({ type: 'kill' as const, chosen })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('cost' as const),
      which: fc.nat(100),
      cost: fc.integer({ min: -2, max: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ type: 'settle' as const }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 400_000 }).map((ms) => ({ type: 'wait' as const, ms })) },
);
type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** The decisions are pure: what they are given is frozen. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const each of Object.values(value)) freeze(each);
  return value;
}

function lawfulPass(world: SmallWorld) {
  const { desired, observed, nowMs } = world;
  freeze(observed satisfies Observed);
  checkLaws(desired, observed, nowMs);
  const next = pass(world);
  checkRecovery(desired, observed, next, nowMs);
  checkStep(observed, world.observed);
  if (!desired.deleting) world.status = checkStatus(desired, world.observed, world.status);
  return next;
}

/** A history of steps from a first spec on, with the laws checked at every pass. */
function live(setting: Setting, first: Spec, steps: readonly Step[]): SmallWorld {
  const world = smallWorld(desiredOf(first, setting), setting.room);
  const specs = [first];
  for (const step of steps) {
    const spec = { ...(specs.at(-1) ?? first), ...(step.type === 'edit' && step.spec) };
    if (step.type === 'edit') specs.push(spec);
    if (step.type === 'undo' && specs.length > 1) specs.pop();
    if (step.type === 'edit' || step.type === 'undo')
      world.desired = desiredOf(specs.at(-1) ?? first, setting);
    else act(world, step);
  }
  return world;
}

function act(world: SmallWorld, step: Exclude<Step, { type: 'edit' | 'undo' }>): void {
  switch (step.type) {
    case 'progress':
      progress(world, () => step.chosen?.next().value ?? true);
      break;
    case 'pass':
      lawfulPass(world);
      break;
    case 'fault':
      fault(world, step.fault, step.which);
      break;
    case 'settle':
      for (let times = 0; times < 8; times++) {
        lawfulPass(world);
        for (let steps = 0; steps < 3; steps++) progress(world, () => true);
      }
      break;
    case 'restart':
      restartController(world);
      break;
    case 'kill':
      killedPass(world, () => step.chosen.next().value ?? true);
      break;
    case 'cost':
      setCost(world, step.which, step.cost);
      break;
    case 'wait':
      world.nowMs += step.ms;
      break;
  }
}

/** From here on every pod of the template in force becomes ready and nothing fails any more. How many passes it takes; -1: no rest. */
function converge(world: SmallWorld, { isTight }: Setting): number {
  const { desired } = world;
  world.desired = { ...desired, paused: false };
  const guards = [desired, ...desired.roles].some((each) => each.partition !== undefined);
  if (guards) world.bad.clear();
  else if (world.bad.has(imageOfRoles(desired.roles))) {
    const roles = desired.roles.map((each) => role(each.name, each.replicas, 'good', each.workerReplicas));
    world.desired = { ...desired, ...wanted(desired.replicas, roles), ...limitsOf(desired) };
  }
  const perGroup = world.desired.roles.reduce(
    (sum, each) => sum + each.replicas * (1 + each.workerReplicas),
    0,
  );
  world.room = isTight ? world.desired.replicas * perGroup : 1000;
  for (let turn = 0; turn < 300; turn++) {
    const next = lawfulPass(world);
    const row = stageRow(world.desired, world.observed);
    const present = row.filter((cell) => cell !== '');
    const isDone = present.length === world.desired.replicas && present.every((cell) => cell === '✅');
    if (next.actions.length === 0 && isDone) {
      checkRest(world.desired, world.observed);
      return turn;
    }
    for (let times = 0; times < 3; times++) progress(world, () => true);
    world.nowMs += next.recheckAfterMs ?? 1000;
  }
  return -1;
}

const limitsOf = ({
  rules,
  rolloutType,
  recoveryPolicy,
  restartGraceMs,
  maxUnavailable,
}: Desired): Partial<Desired> => ({
  rules,
  rolloutType,
  recoveryPolicy,
  restartGraceMs,
  ...(maxUnavailable !== undefined && { maxUnavailable }),
});

describe('the laws of scaling', () => {
  const numRuns = Number(process.env.MINITHENA_RUNS ?? 2000);

  it('hold in every state of any history of edits and faults, and it converges when nothing fails any more', () => {
    fc.assert(
      fc.property(
        settingArbitrary,
        specArbitrary,
        fc.array(stepArbitrary, { maxLength: 80 }),
        (setting, first, steps) => {
          const world = live(setting, first, steps);
          expect(converge(world, setting)).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns },
    );
  }, 3_600_000);

  it('a deletion removes everything from any state, from the highest ordinal down', () => {
    fc.assert(
      fc.property(
        settingArbitrary,
        specArbitrary,
        fc.array(stepArbitrary, { maxLength: 40 }),
        (setting, first, steps) => {
          const world = live(setting, first, steps);
          world.desired = { ...world.desired, deleting: true };
          for (let turn = 0; turn < 20 && world.observed.groups.length > 0; turn++) {
            const highest = Math.max(...world.observed.groups.map((group) => group.ordinal));
            for (const action of lawfulPass(world).actions) expect(action.type).toBe('DeleteGroup');
            // What a roll-out or a recovery had begun goes on; of the others only the highest goes.
            for (const { ordinal, record } of world.observed.groups) {
              if (record.deleting?.reason === 'ModelServingDeleted' && world.desired.rules === 'ordinal')
                expect(ordinal).toBe(highest);
            }
            progress(world, () => true);
          }
          expect(world.observed.groups).toEqual([]);
        },
      ),
      { numRuns: Math.ceil(numRuns / 4) },
    );
  }, 3_600_000);
});
