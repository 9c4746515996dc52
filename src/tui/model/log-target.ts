/** What a log is of: all that runs, or what a line of the tree stands for. Pods that come later and fit join it. */
import { label } from '../../api/labels.js';
import type { Pod } from '../../api/types/resources.js';
import { naturalOrder } from '../../lib/natural-order.js';
import { containersOf, type LogState } from './log-state.js';
import { type Data, keyOf, type Model } from './model.js';
import { commandOf } from './next-try.js';
import type { TreeLine } from './tree.js';

/** Each field narrows it further. */
export interface LogTarget {
  readonly namespace?: string;
  readonly serving?: string;
  readonly group?: string;
  readonly role?: string;
  readonly roleId?: string;
  readonly pod?: string;
  readonly container?: string;
}

/** One log. */
export interface LogPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export function targetOf(line: TreeLine): LogTarget {
  switch (line.kind) {
    case 'serving':
      return {
        namespace: line.modelServing.metadata.namespace,
        serving: line.modelServing.metadata.name,
      };
    case 'group':
      return {
        namespace: line.group.metadata.namespace,
        serving: line.group.spec.modelServing,
        group: line.group.metadata.name,
      };
    case 'role': {
      const { modelServing, group, role, roleId } = line.role.spec;
      return { namespace: line.role.metadata.namespace, serving: modelServing, group, role, roleId };
    }
    case 'pod':
      return ofPod(line.pod);
    case 'container':
      return { ...ofPod(line.pod), container: line.container.name };
  }
}

function ofPod({ metadata: { namespace, name, labels = {} } }: Pod): LogTarget {
  const { [label.modelServing]: serving, [label.group]: group, [label.role]: role } = labels;
  const roleId = labels[label.roleId];
  return {
    namespace,
    ...(serving !== undefined && { serving }),
    ...(group !== undefined && { group }),
    ...(role !== undefined && { role }),
    ...(roleId !== undefined && { roleId }),
    pod: name,
  };
}

/** From a container to its pod, role instance, ServingGroup, ModelServing, and to all. */
export function wider(target: LogTarget): LogTarget {
  const { container, ...ofPod } = target;
  if (container !== undefined) return ofPod;
  const { pod, ...ofInstance } = ofPod;
  const { namespace, serving, group, role, roleId } = ofInstance;
  if (pod !== undefined && roleId !== undefined) return ofInstance;
  const ofServing = {
    ...(namespace !== undefined && { namespace }),
    ...(serving !== undefined && { serving }),
  };
  if (role !== undefined && group !== undefined) return { ...ofServing, group };
  if (serving !== undefined && (role !== undefined || group !== undefined)) return ofServing;
  return {};
}

/** The role in every ServingGroup; undefined where there is none. */
export function wholeRole({ namespace, serving, role }: LogTarget): LogTarget | undefined {
  if (namespace === undefined || serving === undefined || role === undefined) return undefined;
  return { namespace, serving, role };
}

/** The containers of a target, in the order of their names; those that run before the others last. */
export function placesOf(data: Pick<Data, 'pods'>, target: LogTarget): LogPlace[] {
  const fits = ({ metadata: { namespace, name, labels } }: Pod): boolean =>
    isOr(target.namespace, namespace) &&
    isOr(target.pod, name) &&
    isOr(target.serving, labels?.[label.modelServing]) &&
    isOr(target.group, labels?.[label.group]) &&
    isOr(target.role, labels?.[label.role]) &&
    isOr(target.roleId, labels?.[label.roleId]);
  return [...data.pods.values()]
    .filter(fits)
    .sort((a, b) => naturalOrder(keyOf(a), keyOf(b)))
    .flatMap((pod) =>
      containersOf(pod)
        .filter((name) => isOr(target.container, name))
        .map((container) => ({
          namespace: pod.metadata.namespace,
          pod: pod.metadata.name,
          container,
        })),
    );
}
const isOr = (wanted: string | undefined, value: string | undefined): boolean =>
  wanted === undefined || wanted === value;

/** For a title. */
export function targetWords({ serving, group, role, roleId, pod, container }: LogTarget): string {
  if (pod !== undefined) return container === undefined ? pod : `${pod}/${container}`;
  if (group !== undefined) return roleId === undefined ? group : `${group}/${roleId}`;
  if (serving !== undefined) return role === undefined ? serving : `${serving}, role ${role}`;
  return 'all pods';
}

/** What a person would type for the same: followed, or `whole` for a file. */
export function logsCommand(
  model: Pick<Model, 'cluster'>,
  { target, previous, sinceMinutes, timestamps }: LogState,
  isWhole = false,
): string {
  const { namespace = '', pod, container } = target;
  const words = [
    `logs ${pod ?? podsWord(target)}`,
    container === undefined ? '--all-containers --prefix' : `-c ${container}`,
    ...(previous ? ['--previous'] : isWhole ? [] : ['-f']),
    ...(sinceMinutes > 0 ? [`--since ${sinceMinutes}m`] : []),
    ...(timestamps ? ['--timestamps'] : []),
    ...(isWhole ? ['--tail -1'] : []),
  ];
  return commandOf(model, namespace, words.join(' '));
}

function podsWord({ serving, group, role, roleId }: LogTarget): string {
  if (group !== undefined) return roleId === undefined ? `sg/${group}` : `role/${group}-${roleId}`;
  if (serving === undefined) return "-l ''";
  return role === undefined ? `ms/${serving}` : `-l ${label.modelServing}=${serving},${label.role}=${role}`;
}
