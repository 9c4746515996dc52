import type { ContainerStatus } from 'kubernetes-types/core/v1.js';
import type { Pod } from '../../api/types/resources.js';
import type { Level } from '../output.js';

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
  const inits = pod.status?.initContainerStatuses ?? [];
  const all = [...inits, ...apps];
  const isReady =
    pod.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;
  const word = pod.metadata.deletionTimestamp ? 'Terminating' : (initWord(pod, inits) ?? appWord(pod, apps));
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

function appWord(pod: Pod, apps: readonly ContainerStatus[]): string {
  let word = pod.status?.reason ?? pod.status?.phase ?? 'Pending';
  for (const each of [...apps].reverse()) {
    if (each.state?.waiting?.reason) word = each.state.waiting.reason;
    else if (each.state?.terminated) word = exitWord(each.state.terminated);
  }
  return word === 'Completed' && apps.some((each) => each.ready && each.state?.running) ? 'Running' : word;
}

function initWord(pod: Pod, inits: readonly ContainerStatus[]): string | undefined {
  const specs = pod.spec.initContainers ?? [];
  for (const [at, each] of inits.entries()) {
    const { terminated, waiting } = each.state ?? {};
    if (terminated?.exitCode === 0) continue;
    const isSidecar = specs.find((spec) => spec.name === each.name)?.restartPolicy === 'Always';
    if (isSidecar && each.started) continue;
    if (terminated) return `Init:${exitWord(terminated)}`;
    if (waiting?.reason && waiting.reason !== 'PodInitializing' && waiting.reason !== 'ContainerCreating')
      return `Init:${waiting.reason}`;
    return `Init:${at}/${specs.length}`;
  }
  return undefined;
}

const exitWord = (terminated: { reason?: string; signal?: number; exitCode: number }): string =>
  terminated.reason ??
  (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`);

function messageOf(pod: Pod, statuses: readonly ContainerStatus[]): string {
  for (const each of statuses) {
    const said = each.state?.waiting?.message ?? each.state?.terminated?.message;
    if (said) return said;
  }
  if (pod.status?.message) return pod.status.message;
  const unmet = (pod.status?.conditions ?? []).filter((each) => each.status === 'False');
  return unmet.find((each) => each.message)?.message ?? unmet.find((each) => each.reason)?.reason ?? '';
}
