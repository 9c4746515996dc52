import { parseGpuAssignment } from '../api/gpu-assignment.js';
import { annotation, label } from '../api/labels.js';
import { gpuResource, nodeGpus } from '../api/node-gpus.js';
import type { Node, Pod } from '../api/types/resources.js';
import { amountsOf, podRequest } from '../core/pod-request.js';
import { engineIsAway, nodeName } from '../store/engine-is-away.js';
import type { ObjectStore } from '../store/object-store.js';
import type { Capacity, Gang, PodFacts } from './facts.js';

/** The ends of a Pod: it needs nothing any more, and its host ports are free. */
export const isOver = (pod: Pod): boolean =>
  pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

export const isReady = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  pod.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true;

// Objects of the store are replaced, never changed.
const known = new WeakMap<Pod, PodFacts>();

export function podFacts(pod: Pod): PodFacts {
  const before = known.get(pod);
  if (before) return before;
  const made = readPod(pod);
  known.set(pod, made);
  return made;
}

const nothing = { request: {}, writtenCpu: 0, gpuAsks: [], hostPorts: [] };

function readPod(pod: Pod): PodFacts {
  const { namespace, name, labels = {}, annotations = {} } = pod.metadata;
  const { [label.modelServing]: serving, [label.group]: group, [label.role]: role = '' } = labels;
  const gpus = annotations[annotation.gpus];
  // It has started, which is all that its gang asks; what it had is free.
  const over = isOver(pod);
  return {
    key: `${namespace}/${name}`,
    name,
    createdMs: Date.parse(pod.metadata.creationTimestamp ?? '') || 0,
    serving: serving === undefined ? '' : `${namespace}/${serving}`,
    group: group === undefined ? '' : `${namespace}/${group}`,
    groupOrdinal: ordinalIn(group, serving),
    role,
    roleOrdinal: ordinalIn(labels[label.roleId], role),
    index: variable(pod, 'WORKER_INDEX', 0),
    instanceSize: variable(pod, 'GROUP_SIZE', 1),
    ...(over ? nothing : podRequest(pod)),
    state: pod.spec.nodeName ? 'bound' : gpus === undefined ? 'waiting' : 'assigned',
    gpus: over ? {} : parseGpuAssignment(gpus),
    ready: over || isReady(pod),
    deleting: pod.metadata.deletionTimestamp !== undefined,
  };
}

const ordinalIn = (name: string | undefined, prefix: string | undefined): number =>
  Number(name?.slice((prefix ?? '').length + 1) ?? 0) || 0;

/** The controller writes them last, so the last one of a name is its own. */
const variable = (pod: Pod, name: string, absent: number): number =>
  Number(pod.spec.containers[0]?.env?.findLast((each) => each.name === name)?.value ?? absent) || absent;

export function capacityOf(node: Node | undefined): Capacity {
  const { ids, slots } = nodeGpus(node);
  const allocatable = node?.status?.allocatable as Record<string, string> | undefined;
  if (!allocatable) return { amounts: undefined, gpuIds: ids, gpuSlots: slots };
  const { [gpuResource]: _counted, ...amounts } = amountsOf(allocatable);
  return { amounts, gpuIds: ids, gpuSlots: slots };
}

/** The gangs that these pods belong to: for each role of the group as many instances as its policy says, or all of them. */
export function gangsOf(store: ObjectStore, pods: readonly PodFacts[]): Gang[] {
  const gangs = new Map<string, Gang>();
  for (const { group, serving, state } of pods) {
    if (group === '' || state !== 'waiting' || gangs.has(group)) continue;
    const [namespace = '', name = ''] = serving.split('/');
    const template = store.get('modelservings', namespace, name)?.spec.template;
    const policy = template?.gangPolicy?.minRoleReplicas;
    if (!template || !policy) continue;
    const counts =
      store.get('servinggroups', namespace, group.slice(namespace.length + 1))?.spec.counts ??
      Object.fromEntries(template.roles.map((role) => [role.name, role.replicas]));
    const minimum = Object.entries(counts).map(([role, count]) => [
      role,
      Math.min(policy[role] ?? count, count),
    ]);
    gangs.set(group, { group, minimum: Object.fromEntries(minimum) });
  }
  return [...gangs.values()];
}

/** Undefined while the engine is away: then nothing is decided. */
export const readyNode = (store: ObjectStore): { node: Node | undefined } | undefined =>
  engineIsAway(store) ? undefined : { node: store.get('nodes', '', nodeName) };
