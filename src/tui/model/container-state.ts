import type { Container, ContainerStatus } from 'kubernetes-types/core/v1.js';
import type { Level } from '../../api/pod-summary.js';
import type { Pod } from '../../api/types/resources.js';

/** One container as a line says it. */
export interface ContainerState {
  readonly name: string;
  readonly isInit: boolean;
  readonly spec: Container;
  readonly status: ContainerStatus | undefined;
  readonly word: string;
  readonly level: Level;
  readonly ready: boolean;
  readonly restarts: number;
  readonly startedAt: string | undefined;
  /** Why it is not as wanted; '' when it is. */
  readonly reason: string;
}

/** The containers of a pod in the order in which they start. */
export function containerStates(pod: Pod): ContainerState[] {
  const of = (spec: Container, isInit: boolean): ContainerState => {
    const statuses = isInit ? pod.status?.initContainerStatuses : pod.status?.containerStatuses;
    const status = statuses?.find((each) => each.name === spec.name);
    return {
      name: spec.name,
      isInit,
      spec,
      status,
      ready: status?.ready ?? false,
      restarts: status?.restartCount ?? 0,
      ...stateOf(status, isInit),
    };
  };
  return [
    ...(pod.spec.initContainers ?? []).map((each) => of(each, true)),
    ...pod.spec.containers.map((each) => of(each, false)),
  ];
}

function stateOf(
  status: ContainerStatus | undefined,
  isInit: boolean,
): Pick<ContainerState, 'word' | 'level' | 'reason' | 'startedAt'> {
  const { running, terminated, waiting } = status?.state ?? {};
  const startedAt = running?.startedAt ?? terminated?.startedAt;
  const at = startedAt === undefined ? undefined : String(startedAt);
  if (terminated) {
    const { reason, exitCode, message } = terminated;
    const good = exitCode === 0;
    const said = good ? '' : [`exit code ${exitCode}`, message].filter(Boolean).join(': ');
    return {
      word: reason ?? (good ? 'Completed' : `ExitCode:${exitCode}`),
      level: good ? 'good' : 'bad',
      reason: said,
      startedAt: at,
    };
  }
  if (running) {
    const last = status?.lastState?.terminated;
    const before = last && last.exitCode !== 0 ? `before that exit code ${last.exitCode}` : '';
    const good = status?.ready === true || (isInit && status?.started === true);
    return {
      word: 'Running',
      level: good ? 'good' : 'busy',
      reason: good ? '' : ['not ready', before].filter(Boolean).join(', '),
      startedAt: at,
    };
  }
  const word = waiting?.reason ?? 'Waiting';
  return {
    word,
    level: /^(Waiting|ContainerCreating|PodInitializing)$/.test(word) ? 'busy' : 'bad',
    reason: waiting?.message ?? '',
    startedAt: at,
  };
}
