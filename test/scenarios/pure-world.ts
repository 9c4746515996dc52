import type { ModelServing, RoleSpec } from '../../src/api/types/model-serving.js';
import { rowBefore, sameRow, stageRow } from '../../src/core/stage-row.js';
import { modelServingStatus } from '../../src/core/status.js';
import type { Desired, GroupObserved } from '../../src/core/types.js';
import { fault, pass, podsOf, progress, restartController, smallWorld } from '../unit/core/small-world.js';
import { role as roleOf, wanted } from '../unit/core/world.js';
import type { World } from './histories.js';

/** The decisions alone: a fold of plan, apply and what pods do, without store, clock or engine. */
export function pureWorld(): World {
  const world = smallWorld(wanted(0, []), 1000);
  world.bad = new Set(['bad']);
  let rows: string[][] = [];
  let generation = 0;
  let isGone = false;

  const turn = (holdsBack: boolean) => {
    world.holdsBack = holdsBack;
    const next = pass(world);
    const row = stageRow(world.desired, world.observed);
    const last = rows.at(-1);
    if (!last || !sameRow(last as never, row)) rows.push(row);
    progress(world, () => true);
    world.nowMs += next.recheckAfterMs ?? 1000;
    if (world.desired.deleting && world.observed.groups.length === 0) isGone = true;
    return next;
  };
  const until = async (what: string, holds: () => boolean) => {
    for (let turns = 0; turns < 300; turns++) {
      if (holds()) return;
      turn(true);
    }
    throw new Error(`never: ${what}\n${rows.map((row) => row.join(' ')).join('\n')}`);
  };
  const podOf = (name: string) => podsOf(world).find((each) => each.name === name);

  return {
    badImage: 'bad',
    role: (name, replicas, version = '1', more = {}) =>
      roleOf(name, replicas, more.image ?? `v${version}`, more.workers ?? 0),
    apply(replicas, roles, more = {}, annotations = {}) {
      world.desired = desiredOf(replicas, roles, more, annotations, ++generation);
      rows = [rowBefore(world.observed)];
    },
    async converge() {
      for (let turns = 0; turns < 300; turns++) {
        const { actions } = turn(false);
        const cells = (rows.at(-1) ?? []).filter((cell) => cell !== '');
        const count = world.desired.deleting ? 0 : world.desired.replicas;
        if (actions.length === 0 && cells.length === count && cells.every((cell) => cell === '✅')) return;
      }
      await until('converged', () => false);
    },
    until,
    async restart() {
      restartController(world);
    },
    async allow(podName) {
      // One pod alone: all others are held back meanwhile.
      const group = world.observed.groups.find((each) => holdsPod(each, podName));
      world.observed = {
        ...world.observed,
        groups: world.observed.groups.map((each) =>
          each === group
            ? {
                ...each,
                instances: each.instances.map((instance) => ({
                  ...instance,
                  pods: instance.pods.map((pod) =>
                    pod.name === podName ? { ...pod, phase: 'Running' as const, ready: true } : pod,
                  ),
                })),
              }
            : each,
        ),
      };
    },
    async fail(podName) {
      const victims = podsOf(world).filter((pod) => pod.phase === 'Running' && !pod.deleting);
      fault(
        world,
        'restart',
        victims.findIndex((pod) => pod.name === podName),
      );
    },
    remove() {
      world.desired = { ...world.desired, deleting: true };
      rows = [rowBefore(world.observed)];
    },
    cells: () => rows.map((row) => row.map((cell) => cell || '  ').join(' ')),
    podNames: () => podsOf(world).map((pod) => pod.name),
    uidOf: (podName) => podOf(podName)?.uid,
    isReady: (podName) => podOf(podName)?.ready === true,
    isRunning: (podName) => podOf(podName)?.phase === 'Running',
    isGone: () => isGone,
    status: () => modelServingStatus({ desired: world.desired, observed: world.observed, nowIso: '' }),
    close: async () => {},
  };
}

const holdsPod = ({ instances }: GroupObserved, name: string): boolean =>
  instances.some((instance) => instance.pods.some((pod) => pod.name === name));

function desiredOf(
  replicas: number,
  roles: RoleSpec[],
  { rolloutStrategy, recoveryPolicy }: Partial<ModelServing['spec']>,
  annotations: Record<string, string>,
  generation: number,
): Desired {
  const { maxUnavailable, partition } = rolloutStrategy?.rollingUpdateConfiguration ?? {};
  return wanted(replicas, roles, {
    generation,
    rolloutType: rolloutStrategy?.type ?? 'ServingGroupRollingUpdate',
    ...(maxUnavailable !== undefined && { maxUnavailable }),
    ...(partition !== undefined && { partition }),
    ...(recoveryPolicy && { recoveryPolicy }),
    paused: annotations['minithena.dev/paused'] === 'true',
    ...(annotations['minithena.dev/rules'] === 'upstream' && { rules: 'upstream' }),
  });
}
