/**
 * The tree: ServingGroups by ordinal, their role instances, pods and containers. The main view has those of the ModelServing on screen,
 * the tree view those of all, below the ModelServings.
 */
import { label } from '../../api/labels.js';
import type { ModelServing } from '../../api/types/model-serving.js';
import type { Pod, RoleInstance, ServingGroup } from '../../api/types/resources.js';
import { naturalOrder } from '../../lib/natural-order.js';
import { indexLeftOf } from './index-left-of.js';
import { keyOf, type Model } from './model.js';
import { selectedServing, servingsOf } from './selected-serving.js';
import {
  type Above,
  containerLines,
  groupLine,
  lineId,
  podLine,
  roleLine,
  servingLine,
  type TreeLine,
} from './tree-line.js';
import { treeOrder } from './tree-order.js';

export type { TreeLine } from './tree-line.js';

/** With more pods than this, what is as wanted is closed until somebody opens it: what differs stays in sight. */
export const manyPods = 40;

/** Whether the tree is that of all ModelServings, also below a view that was opened from it. */
export const isWholeTree = (model: Model): boolean => model.view === 'tree' || model.under.includes('tree');

/** Lines from top to bottom, closed branches and what the filter hides left out. */
export function treeLines(model: Model): readonly TreeLine[] {
  const last = remembered;
  if (
    last &&
    last.model.data === model.data &&
    last.model.opened === model.opened &&
    last.model.filter === model.filter &&
    last.model.serving === model.serving &&
    last.model.sort === model.sort &&
    isWholeTree(last.model) === isWholeTree(model)
  )
    return last.lines;
  const lines = build(model);
  remembered = { model, lines };
  return lines;
}
// One remembered answer: a second's tick and a key that only moves the selection walk no list of pods. Never changes an answer.
let remembered: { model: Model; lines: readonly TreeLine[] } | undefined;

function build(model: Model): readonly TreeLine[] {
  const { servinggroups, roles, pods } = model.data;
  const groupsOf = groupBy(
    servinggroups.values(),
    (group) => `${group.metadata.namespace}/${group.spec.modelServing}`,
  );
  const rolesOf = groupBy(roles.values(), (role) => `${role.metadata.namespace}/${role.spec.group}`);
  const podsOf = groupBy(
    pods.values(),
    ({ metadata: { namespace, labels } }) =>
      `${namespace}/${labels?.[label.group]}/${labels?.[label.roleId]}`,
  );
  const isMany = pods.size > manyPods;
  const { inOrder } = treeOrder(model.sort);
  const shown = matcher(model.filter);
  /** A line that nobody opened or closed is open when something below it is to be seen. */
  const isOpen = (id: string, byDefault: boolean) => shown !== all || (model.opened.get(id) ?? byDefault);

  const linesOfPod = (pod: Pod, above: Above, isKept: boolean): TreeLine[] => {
    const open = model.opened.get(lineId('pod', pod)) ?? false;
    if (shown === all) {
      const line = podLine(pod, above, open);
      return open ? [line, ...containerLines(pod, line)] : [line];
    }
    const closed = podLine(pod, above, false);
    const inside = containerLines(pod, closed).filter(shown);
    if (inside.length === 0) return isKept || shown(closed) ? [closed] : [];
    return [podLine(pod, above, true), ...inside];
  };
  const linesOfRole = (role: RoleInstance, above: Above): TreeLine[] => {
    const good = role.status.phase === 'Running';
    const line = roleLine(role, above, isOpen(lineId('role', role), !(isMany && good)));
    if (!line.open) return [line];
    const isKept = shown !== all && shown(line);
    const ofRole = inOrder(
      podsOf.get(`${role.metadata.namespace}/${role.spec.group}/${role.spec.roleId}`) ?? [],
      (pod) => podLine(pod, line, false),
      (a, b) => naturalOrder(a.metadata.name, b.metadata.name),
    );
    return branch(
      line,
      ofRole.flatMap((pod) => linesOfPod(pod, line, isKept)),
    );
  };
  const linesOfGroup = (group: ServingGroup, serving: ModelServing, above: Above | undefined): TreeLine[] => {
    const good = group.status.phase === 'Running';
    const open = isOpen(lineId('group', group), !(isMany && good));
    const line = groupLine(group, above, keyOf(serving), open);
    if (!open) return [line];
    const order = new Map(serving.spec.template.roles.map((role, index) => [role.name, index]));
    const orderOf = (role: RoleInstance) => order.get(role.spec.role) ?? order.size;
    const instances = inOrder(
      rolesOf.get(keyOf(group)) ?? [],
      (role) => roleLine(role, line, false),
      (a, b) =>
        orderOf(a) - orderOf(b) || a.spec.role.localeCompare(b.spec.role) || a.spec.ordinal - b.spec.ordinal,
    );
    return branch(
      line,
      instances.flatMap((role) => linesOfRole(role, line)),
    );
  };
  const linesOfServing = (serving: ModelServing, above: Above | undefined): TreeLine[] =>
    inOrder(
      groupsOf.get(keyOf(serving)) ?? [],
      (group) => groupLine(group, above, keyOf(serving), false),
      (a, b) => a.spec.ordinal - b.spec.ordinal,
    ).flatMap((group) => linesOfGroup(group, serving, above));

  if (isWholeTree(model))
    return servingsOf(model).flatMap((serving) => {
      const line = servingLine(serving, isOpen(lineId('serving', serving), true));
      return line.open ? branch(line, linesOfServing(serving, line)) : [line];
    });
  const serving = selectedServing(model);
  return serving ? linesOfServing(serving, undefined) : [];

  /** Hidden by the filter only when nothing of it matches. */
  function branch(line: TreeLine, below: readonly TreeLine[]): TreeLine[] {
    return shown === all || below.length > 0 || shown(line) ? [line, ...below] : [];
  }
}

const all = (): boolean => true;
function matcher(filter: string): (line: TreeLine) => boolean {
  if (filter === '') return all;
  const wanted = filter.toLowerCase();
  return (line) => `${line.name} ${line.word} ${line.reason}`.toLowerCase().includes(wanted);
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

/** Where the selection stands: on its line; when that is gone on what it belonged to, else where it was; -1 when there is no line. */
export function selectedIndex(model: Model): number {
  const lines = treeLines(model);
  if (model.selected.id === '') return firstToWatch(lines, model);
  const at = lines.findIndex((line) => line.id === model.selected.id);
  if (at >= 0) return at;
  const left = indexLeftOf(lines, model.selected.id);
  return left >= 0 ? left : Math.min(model.selected.index, lines.length - 1);
}
/** As long as nobody chose a line, the first group of the ModelServing on screen that is not Running is looked at. */
function firstToWatch(lines: readonly TreeLine[], model: Model): number {
  const serving = selectedServing(model);
  const key = serving && keyOf(serving);
  const busy = lines.findIndex(
    (line) => line.serving === key && line.kind === 'group' && line.level !== 'good',
  );
  const first = lines.findIndex((line) => line.serving === key);
  return busy >= 0 ? busy : Math.max(Math.min(0, lines.length - 1), first);
}
export const selectedLine = (model: Model): TreeLine | undefined => treeLines(model)[selectedIndex(model)];

/** Pods of a line, also of a closed one, in the order of the tree. */
export function podsUnder(model: Model, line: TreeLine): readonly Pod[] {
  if (line.kind === 'pod' || line.kind === 'container') return [line.pod];
  const lines = allLines(model);
  const at = lines.findIndex((each) => each.id === line.id);
  const after = lines.slice(at + 1);
  // The tree of the main view begins a level lower.
  const depth = lines[at]?.depth ?? 0;
  const end = after.findIndex((each) => each.depth <= depth);
  return after.slice(0, end < 0 ? undefined : end).flatMap((each) => (each.kind === 'pod' ? [each.pod] : []));
}

/** Every line of the whole tree, whatever is closed and filtered on screen. */
export const allLines = (model: Model): readonly TreeLine[] =>
  build({ ...model, view: 'tree', sort: 'name', filter: '', opened: everythingOpen });

const everythingOpen: ReadonlyMap<string, boolean> = new (class extends Map<string, boolean> {
  override get = (): boolean => true;
})();
