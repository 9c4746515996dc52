import type { ContainerStatus } from 'kubernetes-types/core/v1.js';
import type { Pod } from '../../api/types/resources.js';

/** good: as wanted; busy: on its way; bad: a person may have to act. */
export type Level = 'good' | 'busy' | 'bad';

export interface PodState {
  /** The word that kubectl prints under STATUS. */
  readonly word: string;
  readonly level: Level;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  /** Why it is not ready; '' when it is or nobody knows. */
  readonly reason: string;
}

const onTheWay = new Set(['Pending', 'ContainerCreating', 'PodInitializing', 'Running', 'Terminating']);

/** A pod as one line of a table shows it: kubectl's rules for READY, STATUS and RESTARTS. */
export function podState(pod: Pod): PodState {
  const statuses = pod.status?.containerStatuses ?? [];
  const inits = pod.status?.initContainerStatuses ?? [];
  const ready = statuses.filter((status) => status.ready).length;
  const total = pod.spec.containers.length;
  const restarts = [...statuses, ...inits].reduce((sum, status) => sum + status.restartCount, 0);
  const word = statusWord(pod, statuses, inits);
  const isReady =
    pod.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;
  const level: Level = isBusy(word) ? (word === 'Running' && isReady ? 'good' : 'busy') : 'bad';
  return {
    word,
    level,
    ready,
    total,
    restarts,
    reason: level === 'good' ? '' : reasonOf(pod, statuses, inits),
  };
}

const isBusy = (word: string): boolean => onTheWay.has(word) || /^Init:\d+\/\d+$/.test(word);

function statusWord(
  pod: Pod,
  statuses: readonly ContainerStatus[],
  inits: readonly ContainerStatus[],
): string {
  if (pod.metadata.deletionTimestamp) return 'Terminating';
  const init = initWord(pod, inits);
  if (init) return init;
  let word = pod.status?.reason ?? pod.status?.phase ?? 'Pending';
  // The first container that is not running speaks for the pod, as kubectl walks them from the last.
  for (const status of [...statuses].reverse()) {
    if (status.state?.waiting?.reason) word = status.state.waiting.reason;
    else if (status.state?.terminated) word = exitWord(status.state.terminated);
  }
  if (word === 'Completed' && statuses.some((status) => status.ready && status.state?.running))
    return 'Running';
  return word;
}

function initWord(pod: Pod, inits: readonly ContainerStatus[]): string | undefined {
  const total = pod.spec.initContainers?.length ?? 0;
  for (const [index, status] of inits.entries()) {
    if (status.state?.terminated?.exitCode === 0) continue;
    if (status.state?.terminated) return `Init:${exitWord(status.state.terminated)}`;
    const waiting = status.state?.waiting?.reason;
    return waiting && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
  }
  return undefined;
}

const exitWord = (terminated: { reason?: string; signal?: number; exitCode: number }): string =>
  terminated.reason ??
  (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`);

function reasonOf(pod: Pod, statuses: readonly ContainerStatus[], inits: readonly ContainerStatus[]): string {
  for (const status of [...inits, ...statuses]) {
    const said = status.state?.waiting?.message ?? status.state?.terminated?.message;
    if (said) return said;
  }
  if (pod.status?.message) return pod.status.message;
  const unmet = (pod.status?.conditions ?? []).find(
    (each) => each.status === 'False' && (each.message ?? each.reason),
  );
  return unmet?.message ?? unmet?.reason ?? '';
}
