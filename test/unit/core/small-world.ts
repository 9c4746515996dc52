import type { ModelServingStatus, RoleSpec } from '../../../src/api/types/model-serving.js';
import { apply } from '../../../src/core/apply.js';
import { plan } from '../../../src/core/plan/plan.js';
import type {
  Desired,
  GroupObserved,
  InstanceObserved,
  Observed,
  Plan,
  PodObserved,
} from '../../../src/core/types.js';
import { empty } from './world.js';

/**
 * A small world around the rules. Pods are scheduled when there is room, start when their image is good, become ready, fail and go away,
 * each when the test says so; the snapshot forgets what the controller's forgets.
 */
export interface SmallWorld {
  observed: Observed;
  desired: Desired;
  nowMs: number;
  /** How many pods fit at once. */
  room: number;
  /** Images that cannot be had. */
  bad: Set<string>;
  /** Pods that have a place, by uid. */
  scheduled: Set<string>;
  lastUid: number;
  /** As the last pass wrote it. */
  status?: ModelServingStatus;
  /** While true, what is not ready does not become so. */
  holdsBack?: boolean;
}

export type Fault = 'restart' | 'die' | 'unready' | 'vanish' | 'evict';

export const smallWorld = (desired: Desired, room: number): SmallWorld => ({
  observed: empty,
  desired,
  nowMs: 0,
  room,
  bad: new Set(['bad']),
  scheduled: new Set(),
  lastUid: 0,
});

/** One pass of the controller: what was planned, begun in the world. */
export function pass(world: SmallWorld): Plan {
  const { desired, observed, nowMs } = world;
  const next = plan(desired, observed, nowMs);
  const applied = apply(desired, observed, next, nowMs);
  world.observed = { ...applied, revisions: keptRevisions(desired, observed, applied) };
  mapInstances(world, (instance) => ({
    ...instance,
    services: instance.services > 0 || instance.deleting ? instance.services : servicesOf(world, instance),
    pods: instance.pods.map((pod) => ({
      ...pod,
      // Also what a killed process had written down and not yet begun.
      ...(instance.deleting && { ready: false, deleting: true }),
      uid: pod.uid || `uid-${++world.lastUid}`,
    })),
  }));
  return next;
}

/** A pass whose process is killed when all is written down and, of what was to be made and marked, only what is `chosen` is. */
export function killedPass(world: SmallWorld, chosen: () => boolean): void {
  const before = new Map(podsOf(world).map((pod) => [pod.uid, pod]));
  pass(world);
  mapInstances(world, (instance) => ({
    ...instance,
    services: instance.services > 0 && (instance.deleting || chosen()) ? instance.services : 0,
    pods: instance.pods.flatMap((pod) => {
      if (chosen()) return [pod];
      const old = before.get(pod.uid);
      return old ? [old] : [];
    }),
  }));
  restartController(world);
}

/** What is stored, as far as anything needs it: no history is kept here. */
function keptRevisions(desired: Desired, before: Observed, after: Observed): Observed['revisions'] {
  const needed = new Set([desired.revision, after.currentRevision]);
  for (const { record, instances } of after.groups) {
    needed.add(record.revision);
    for (const { revision } of instances) needed.add(revision);
  }
  const all = { ...before.revisions, [desired.revision]: desired.roles };
  return Object.fromEntries(Object.entries(all).filter(([revision]) => needed.has(revision)));
}

/** Somebody says what the end of a pod costs. */
export function setCost(world: SmallWorld, which: number, deletionCost: number): void {
  const all = podsOf(world);
  const chosen = all[which % Math.max(1, all.length)];
  mapInstances(world, (instance) => ({
    ...instance,
    pods: instance.pods.map((pod) => (pod === chosen ? { ...pod, deletionCost } : pod)),
  }));
}

/** Every pod, and everything that is going, for which `chosen` holds makes one step. */
export function progress(world: SmallWorld, chosen: () => boolean): void {
  mapInstances(world, (instance) => {
    const lost = [...instance.lost];
    const pods = instance.pods.flatMap((pod) => {
      if (!chosen()) return [pod];
      if (!pod.deleting) return [step(world, instance, pod)];
      world.scheduled.delete(pod.uid);
      if (!instance.deleting) lost.push(pod.index);
      return [];
    });
    const servicesGo = instance.deleting && pods.length === 0 && chosen();
    return { ...instance, pods, lost, services: servicesGo ? 0 : instance.services };
  });
  forget(world);
}

function step(world: SmallWorld, instance: InstanceObserved, pod: PodObserved): PodObserved {
  if (pod.phase === 'Failed') return pod;
  const { heldUp: _heldUp, failed: _failed, ...free } = pod;
  if (!world.scheduled.has(pod.uid)) {
    if (world.scheduled.size >= world.room)
      return { ...free, heldUp: { reason: 'Unschedulable', message: 'no room' } };
    world.scheduled.add(pod.uid);
    return free;
  }
  if (world.bad.has(imageOf(world, instance)))
    return { ...free, heldUp: { reason: 'ErrImagePull', message: 'no such image' } };
  const isReady = pod.phase === 'Running' && (pod.ready || !world.holdsBack);
  return { ...free, phase: 'Running', ready: isReady };
}

/** One of the pods that run goes wrong. */
export function fault(world: SmallWorld, type: Fault, which: number): void {
  const victims = podsOf(world).filter((pod) => pod.phase === 'Running' && !pod.deleting);
  const victim = victims[which % Math.max(1, victims.length)];
  if (!victim) return;
  const failed = { reason: 'Error', message: 'exit code 1', sinceMs: world.nowMs };
  mapInstances(world, (instance) => {
    if (!instance.pods.includes(victim)) return instance;
    const change = (to: Partial<PodObserved>): InstanceObserved => ({
      ...instance,
      pods: instance.pods.map((pod) => (pod === victim ? { ...pod, ready: false, ...to } : pod)),
    });
    if (type === 'restart') return change({ failed });
    if (type === 'die') return change({ phase: 'Failed', failed });
    if (type === 'unready') return change({});
    if (type === 'evict') return change({ deleting: true });
    world.scheduled.delete(victim.uid);
    const lost = instance.deleting ? instance.lost : [...instance.lost, victim.index];
    return { ...instance, pods: instance.pods.filter((pod) => pod !== victim), lost };
  });
  forget(world);
}

/** Another process of the controller: it has the record and the pods, and has seen nothing disappear. */
export function restartController(world: SmallWorld): void {
  mapInstances(world, (instance) => ({ ...instance, lost: [] }));
  forget(world);
}

export const podsOf = (world: SmallWorld): PodObserved[] =>
  world.observed.groups.flatMap((group) => group.instances.flatMap((instance) => [...instance.pods]));

export const imageOfRoles = (roles: readonly RoleSpec[]): string =>
  roles[0]?.entryTemplate.spec?.containers[0]?.image ?? '';

const imageOf = (world: SmallWorld, { revision }: InstanceObserved): string =>
  imageOfRoles(world.observed.revisions[revision] ?? []);

const servicesOf = (world: SmallWorld, { role, revision }: InstanceObserved): number =>
  world.observed.revisions[revision]?.find((each) => each.name === role)?.workerTemplate ? 1 : 0;

/** What has neither pods nor services is not there, unless it is known to have disappeared. */
function forget(world: SmallWorld): void {
  const isThere = (instance: InstanceObserved) =>
    instance.pods.length + instance.services > 0 || (!instance.deleting && instance.lost.length > 0);
  const groups = world.observed.groups
    .map((group): GroupObserved => ({ ...group, instances: group.instances.filter(isThere) }))
    .filter((group) => !(group.record.deleting && group.instances.length === 0));
  world.observed = { ...world.observed, groups };
}

function mapInstances(world: SmallWorld, change: (instance: InstanceObserved) => InstanceObserved): void {
  const groups = world.observed.groups.map((group) => ({
    ...group,
    instances: group.instances.map(change),
  }));
  world.observed = { ...world.observed, groups };
}
