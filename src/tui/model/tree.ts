/** The tree of the selected ModelServing: ServingGroups by ordinal, their role instances, their pods. */
import { label } from '../../api/labels.js';
import { groupLabel } from '../../api/names.js';
import { type Level, podSummary } from '../../api/pod-summary.js';
import type { Pod, RoleInstance, ServingGroup } from '../../api/types/resources.js';
import { keyOf, type Model } from './model.js';
import { selectedServing } from './selected-serving.js';

interface LineFacts {
  readonly id: string;
  readonly parent: string | undefined;
  readonly depth: 0 | 1 | 2;
  readonly name: string;
  readonly readyText: string;
  readonly word: string;
  readonly level: Level;
  readonly restarts: number;
  readonly createdAt: string | undefined;
  readonly reason: string;
  readonly open: boolean | undefined;
}
export type TreeLine = LineFacts &
  (
    | { readonly kind: 'group'; readonly group: ServingGroup }
    | { readonly kind: 'role'; readonly role: RoleInstance }
    | { readonly kind: 'pod'; readonly pod: Pod }
  );

/** Lines from top to bottom, closed branches and what the filter hides left out. */
export function treeLines(model: Model): readonly TreeLine[] {
  const last = remembered;
  if (
    last &&
    last.model.data === model.data &&
    last.model.closed === model.closed &&
    last.model.filter === model.filter &&
    last.model.serving === model.serving
  )
    return last.lines;
  const lines = build(model);
  remembered = { model, lines };
  return lines;
}
// One remembered answer: a second's tick and a key that only moves the selection walk no list of pods. Never changes an answer.
let remembered: { model: Model; lines: readonly TreeLine[] } | undefined;

function build(model: Model): readonly TreeLine[] {
  const serving = selectedServing(model);
  if (!serving) return [];
  const { namespace, name } = serving.metadata;
  const groups = [...model.data.servinggroups.values()]
    .filter((group) => group.metadata.namespace === namespace && group.spec.modelServing === name)
    .sort((a, b) => a.spec.ordinal - b.spec.ordinal);
  const roles = groupBy(model.data.roles.values(), (role) => `${role.metadata.namespace}/${role.spec.group}`);
  const pods = groupBy(
    model.data.pods.values(),
    (pod) =>
      `${pod.metadata.namespace}/${pod.metadata.labels?.[label.group]}/${pod.metadata.labels?.[label.roleId]}`,
  );
  const roleOrder = new Map(serving.spec.template.roles.map((role, index) => [role.name, index]));
  const orderOf = (role: RoleInstance) => roleOrder.get(role.spec.role) ?? roleOrder.size;
  const shown = matcher(model.filter);

  return groups.flatMap((group) => {
    const instances = (roles.get(keyOf(group)) ?? []).sort(
      (a, b) =>
        orderOf(a) - orderOf(b) || a.spec.role.localeCompare(b.spec.role) || a.spec.ordinal - b.spec.ordinal,
    );
    const line = groupLine(group, model);
    const below = instances.flatMap((role) => {
      const ofRole = (pods.get(`${keyOf(group)}/${role.spec.roleId}`) ?? []).sort((a, b) =>
        byNumber.compare(a.metadata.name, b.metadata.name),
      );
      const roleLineOf = roleLine(role, line.id, model);
      return branch(
        roleLineOf,
        ofRole.map((pod) => podLine(pod, roleLineOf.id)),
        shown,
      );
    });
    return branch(line, below, shown);
  });
}

/** A line with what is under it: hidden by the filter only when nothing of it matches; a match below opens it. */
function branch(line: TreeLine, below: readonly TreeLine[], shown: (line: TreeLine) => boolean): TreeLine[] {
  const kept =
    shown === all || shown(line) ? below : below.filter((each) => each.depth > line.depth && isKept(each));
  if (shown !== all) return shown(line) || kept.length > 0 ? [{ ...line, open: true }, ...kept] : [];
  return line.open ? [line, ...below] : [line];

  // Deeper branches were filtered already; pods under this line were not.
  function isKept(each: TreeLine): boolean {
    return line.kind === 'group' || shown(each);
  }
}

const byNumber = new Intl.Collator('en', { numeric: true });
const all = (): boolean => true;
function matcher(filter: string): (line: TreeLine) => boolean {
  if (filter === '') return all;
  const wanted = filter.toLowerCase();
  return (line) => `${line.name} ${line.word} ${line.reason}`.toLowerCase().includes(wanted);
}

function groupLine(group: ServingGroup, model: Model): TreeLine {
  const id = `group ${keyOf(group)}`;
  const { status } = group;
  return {
    kind: 'group',
    group,
    id,
    parent: undefined,
    depth: 0,
    name: `${groupLabel(group.spec.ordinal)} ${group.metadata.name}`,
    ...phaseFacts(status),
    createdAt: group.metadata.creationTimestamp,
    open: !model.closed.has(id),
  };
}

function roleLine(role: RoleInstance, parent: string, model: Model): TreeLine {
  const id = `role ${keyOf(role)}`;
  return {
    kind: 'role',
    role,
    id,
    parent,
    depth: 1,
    name: role.spec.roleId,
    ...phaseFacts(role.status),
    createdAt: role.metadata.creationTimestamp,
    open: !model.closed.has(id),
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
function podLine(pod: Pod, parent: string): TreeLine {
  const known = podLines.get(pod);
  if (known?.parent === parent) return known;
  const state = podSummary(pod);
  const line: TreeLine = {
    kind: 'pod',
    pod,
    id: `pod ${keyOf(pod)}`,
    parent,
    depth: 2,
    name: pod.metadata.name,
    readyText: `${state.ready}/${state.total}`,
    word: state.word,
    level: state.level,
    restarts: state.restarts,
    createdAt: pod.metadata.creationTimestamp,
    reason: state.message,
    open: undefined,
  };
  podLines.set(pod, line);
  return line;
}

function groupBy<T>(items: Iterable<T>, keyOfItem: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOfItem(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Where the selection stands: on its line, or where that line was when it is gone; -1 when there is no line. */
export function selectedIndex(model: Model): number {
  const lines = treeLines(model);
  if (model.selected.id === '') return firstToWatch(lines);
  const at = lines.findIndex((line) => line.id === model.selected.id);
  return at >= 0 ? at : Math.min(model.selected.index, lines.length - 1);
}
/** As long as nobody chose a line, the first group that is not Running is looked at. */
function firstToWatch(lines: readonly TreeLine[]): number {
  const busy = lines.findIndex((line) => line.kind === 'group' && line.level !== 'good');
  return busy >= 0 ? busy : Math.min(0, lines.length - 1);
}
export const selectedLine = (model: Model): TreeLine | undefined => treeLines(model)[selectedIndex(model)];
