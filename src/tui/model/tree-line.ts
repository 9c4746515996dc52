/** The lines of the tree: one per ModelServing, ServingGroup, role instance, pod and container. */
import { groupLabel } from '../../api/names.js';
import { type Level, podSummary } from '../../api/pod-summary.js';
import type { ModelServing } from '../../api/types/model-serving.js';
import type { Pod, RoleInstance, ServingGroup } from '../../api/types/resources.js';
import { type ContainerState, containerStates } from './container-state.js';
import { keyOf } from './model.js';

interface LineFacts {
  readonly id: string;
  readonly parent: string | undefined;
  readonly depth: number;
  /** Key of the ModelServing that it belongs to. */
  readonly serving: string;
  readonly name: string;
  readonly readyText: string;
  readonly word: string;
  readonly level: Level;
  readonly restarts: number;
  readonly createdAt: string | undefined;
  readonly reason: string;
  /** undefined: nothing is below it. */
  readonly open: boolean | undefined;
}
export type TreeLine = LineFacts &
  (
    | { readonly kind: 'serving'; readonly modelServing: ModelServing }
    | { readonly kind: 'group'; readonly group: ServingGroup }
    | { readonly kind: 'role'; readonly role: RoleInstance }
    | { readonly kind: 'pod'; readonly pod: Pod }
    | { readonly kind: 'container'; readonly pod: Pod; readonly container: ContainerState }
  );
/** What a line is below; undefined: it is a root. */
export type Above = Pick<TreeLine, 'id' | 'depth' | 'serving'>;

export const lineId = (kind: TreeLine['kind'], object: { metadata: { namespace: string; name: string } }) =>
  `${kind} ${keyOf(object)}`;

export function servingLine(modelServing: ModelServing, open: boolean): TreeLine {
  const { status, spec, metadata } = modelServing;
  const isTrue = (type: string) =>
    status?.conditions.find((each) => each.type === type && each.status === 'True');
  const available = isTrue('Available');
  const other = isTrue('UpdateInProgress') ?? isTrue('Progressing');
  const word = metadata.deletionTimestamp ? 'Deleting' : (available ?? other)?.type;
  return {
    kind: 'serving',
    modelServing,
    id: lineId('serving', modelServing),
    parent: undefined,
    depth: 0,
    serving: keyOf(modelServing),
    name: keyOf(modelServing),
    readyText: `${status?.availableReplicas ?? 0}/${spec.replicas}`,
    word: word ?? 'Unseen',
    level: word === 'Available' ? 'good' : 'busy',
    restarts: 0,
    createdAt: metadata.creationTimestamp,
    reason: available ? '' : (other?.message ?? 'the controller has not seen it yet'),
    open,
  };
}

export function groupLine(
  group: ServingGroup,
  above: Above | undefined,
  serving: string,
  open: boolean,
): TreeLine {
  return {
    kind: 'group',
    group,
    id: lineId('group', group),
    parent: above?.id,
    depth: above ? above.depth + 1 : 0,
    serving,
    name: `${groupLabel(group.spec.ordinal)} ${group.metadata.name}`,
    ...phaseFacts(group.status),
    createdAt: group.metadata.creationTimestamp,
    open,
  };
}

export function roleLine(role: RoleInstance, above: Above, open: boolean): TreeLine {
  return {
    kind: 'role',
    role,
    id: lineId('role', role),
    parent: above.id,
    depth: above.depth + 1,
    serving: above.serving,
    name: role.spec.roleId,
    ...phaseFacts(role.status),
    createdAt: role.metadata.creationTimestamp,
    open,
  };
}

function phaseFacts(status: (ServingGroup | RoleInstance)['status']) {
  const reason = [status.reason, status.message].filter(Boolean).join(': ');
  const level: Level = status.phase === 'Running' ? 'good' : 'busy';
  return {
    readyText: `${status.readyPods}/${status.totalPods}`,
    word: status.phase,
    level,
    restarts: status.restarts,
    reason: status.phase === 'Running' ? '' : reason,
  };
}

// Objects are replaced when they change, so that a line made from one stays right; most pods are the same from frame to frame.
const podLines = new WeakMap<Pod, TreeLine>();
export function podLine(pod: Pod, above: Above, open: boolean): TreeLine {
  const known = podLines.get(pod);
  if (known?.parent === above.id && known.open === open && known.depth === above.depth + 1) return known;
  const state = podSummary(pod);
  const line: TreeLine = {
    kind: 'pod',
    pod,
    id: lineId('pod', pod),
    parent: above.id,
    depth: above.depth + 1,
    serving: above.serving,
    name: pod.metadata.name,
    readyText: `${state.ready}/${state.total}`,
    word: state.word,
    level: state.level,
    restarts: state.restarts,
    createdAt: pod.metadata.creationTimestamp,
    reason: state.message,
    open,
  };
  podLines.set(pod, line);
  return line;
}

export const containerLines = (pod: Pod, above: Above): TreeLine[] =>
  containerStates(pod).map((container) => ({
    kind: 'container',
    pod,
    container,
    id: `container ${keyOf(pod)}/${container.name}`,
    parent: above.id,
    depth: above.depth + 1,
    serving: above.serving,
    name: container.name,
    readyText: container.isInit ? 'init' : container.ready ? 'ready' : 'no',
    word: container.word,
    level: container.level,
    restarts: container.restarts,
    createdAt: container.startedAt,
    reason: container.reason,
    open: undefined,
  }));
