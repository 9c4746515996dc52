import type { ContainerStatus } from 'kubernetes-types/core/v1.js';
import { podWord } from './pod-word.js';
import type { Pod } from './types/resources.js';

/** good: as wanted; busy: on its way; bad: a person may have to act. */
export type Level = 'good' | 'busy' | 'bad';

export interface PodSummary {
  /** What kubectl prints under STATUS. */
  readonly word: string;
  readonly level: Level;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  /** When the newest run before this one ended. */
  readonly lastRestartAt: string | undefined;
  /** Why it is not ready; '' when it is or nobody knows. */
  readonly message: string;
}

const onTheWay = /^(Pending|ContainerCreating|PodInitializing|Running|NotReady|Terminating|Init:\d+\/\d+)$/;

/** A pod as one line of a table shows it, by kubectl's rules for READY, STATUS and RESTARTS. */
export function podSummary(pod: Pod): PodSummary {
  const apps = pod.status?.containerStatuses ?? [];
  const all = [...(pod.status?.initContainerStatuses ?? []), ...apps];
  const isReady =
    pod.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;
  const word = podWord(pod);
  const good = (word === 'Running' && isReady) || word === 'Completed';
  return {
    word,
    level: good ? 'good' : onTheWay.test(word) ? 'busy' : 'bad',
    ready: apps.filter((each) => each.ready).length,
    total: pod.spec.containers.length,
    restarts: all.reduce((sum, each) => sum + each.restartCount, 0),
    lastRestartAt: all
      .flatMap((each) => (each.restartCount > 0 ? (each.lastState?.terminated?.finishedAt ?? []) : []))
      .sort()
      .at(-1),
    message: good ? '' : messageOf(pod, all),
  };
}
function messageOf(pod: Pod, statuses: readonly ContainerStatus[]): string {
  for (const each of statuses) {
    const { waiting, terminated } = each.state ?? {};
    const said = waiting?.message ?? terminated?.message;
    if (said) return said;
    if (terminated && terminated.exitCode !== 0) return `exit code ${terminated.exitCode}`;
  }
  if (pod.status?.message) return pod.status.message;
  const unmet = (pod.status?.conditions ?? []).filter((each) => each.status === 'False');
  return unmet.find((each) => each.message)?.message ?? unmet.find((each) => each.reason)?.reason ?? '';
}
