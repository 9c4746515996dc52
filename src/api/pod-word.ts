import type { ContainerStateTerminated, ContainerStatus } from 'kubernetes-types/core/v1.js';
import type { Pod } from './types/resources.js';

/** The one word that kubectl prints under STATUS: the most telling reason there is. */
export function podWord(pod: Pod): string {
  if (pod.metadata.deletionTimestamp) return 'Terminating';
  return initWord(pod) ?? appWord(pod);
}

function appWord({ status }: Pod): string {
  const containers = status?.containerStatuses ?? [];
  let word = status?.reason ?? status?.phase ?? 'Pending';
  // Of several containers the first one that has something to say counts.
  for (const { state } of [...containers].reverse()) {
    if (state?.waiting?.reason) word = state.waiting.reason;
    else if (state?.terminated) word = exitWord(state.terminated);
  }
  const stillRuns = containers.some((each) => each.ready && each.state?.running);
  return word === 'Completed' && stillRuns ? 'Running' : word;
}

/** While init containers run; undefined when all are through. */
function initWord({ spec, status }: Pod): string | undefined {
  const specs = spec.initContainers ?? [];
  for (const [at, each] of (status?.initContainerStatuses ?? []).entries()) {
    if (each.state?.terminated?.exitCode === 0 || isStartedSidecar(each)) continue;
    const { terminated, waiting } = each.state ?? {};
    if (terminated) return `Init:${exitWord(terminated)}`;
    const reason = waiting?.reason;
    if (reason && reason !== 'PodInitializing' && reason !== 'ContainerCreating') return `Init:${reason}`;
    return `Init:${at}/${specs.length}`;
  }
  return undefined;

  function isStartedSidecar({ name, started }: ContainerStatus): boolean {
    return started === true && specs.find((each) => each.name === name)?.restartPolicy === 'Always';
  }
}

const exitWord = ({ reason, signal, exitCode }: ContainerStateTerminated): string =>
  reason ?? (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);
