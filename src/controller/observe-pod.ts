import type { ContainerStatus } from 'kubernetes-types/core/v1.js';
import { annotation } from '../api/labels.js';
import { parseDeletionCost } from '../api/parse-deletion-cost.js';
import { pullingText } from '../api/pull-message.js';
import { schedulingWord } from '../api/scheduling-word.js';
import type { Pod } from '../api/types/resources.js';
import type { PodObserved } from '../core/types.js';

/** Waiting reasons that no passing of time alone cures. */
const stuckReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'CrashLoopBackOff',
]);

export type Baseline = { restarts: number; failedSinceMs?: number };

/**
 * A Pod as the decisions see it. It has failed when its phase says so or a container restarted since it was last ready: a pod that is ready
 * takes its counters as the new baseline.
 */
export function observePod(
  pod: Pod,
  index: number,
  before: Baseline | undefined,
  nowMs: number,
): { pod: PodObserved; baseline: Baseline } {
  const { metadata, status } = pod;
  const deleting = metadata.deletionTimestamp !== undefined;
  const phase = (status?.phase ?? 'Pending') as PodObserved['phase'];
  const ready =
    !deleting && status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true;
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const restarts = statuses.reduce((sum, each) => sum + (each.restartCount ?? 0), 0);
  const baseline: Baseline = ready ? { restarts } : { restarts: 0, ...before };
  const hasFailed = phase === 'Failed' || (!ready && restarts > baseline.restarts);
  if (hasFailed) baseline.failedSinceMs ??= nowMs;
  else delete baseline.failedSinceMs;
  const stuck = heldUp(pod, statuses);
  const turn = stuck ? undefined : (unscheduled(pod)?.message ?? pullingText(pod));
  return {
    baseline,
    pod: {
      index,
      name: metadata.name,
      uid: metadata.uid ?? '',
      phase,
      ready,
      deleting,
      restarts,
      deletionCost: parseDeletionCost(metadata.annotations?.[annotation.podDeletionCost] ?? '') ?? 0,
      ...(hasFailed && { failed: { ...cause(pod, statuses), sinceMs: baseline.failedSinceMs ?? nowMs } }),
      ...(stuck && { heldUp: stuck }),
      ...(turn && { waitsFor: turn }),
    },
  };
}

function heldUp(pod: Pod, statuses: readonly ContainerStatus[]): PodObserved['heldUp'] {
  const scheduled = unscheduled(pod);
  if (scheduled) {
    const message = scheduled.message ?? '';
    const reason = schedulingWord(message);
    return reason === undefined ? undefined : { reason, message };
  }
  for (const { name, state } of statuses) {
    const reason = state?.waiting?.reason;
    if (reason && stuckReasons.has(reason)) {
      return { reason, message: state.waiting?.message ?? `container ${name} waits` };
    }
  }
  return undefined;
}

const unscheduled = (pod: Pod) =>
  pod.status?.conditions?.find((each) => each.type === 'PodScheduled' && each.status === 'False');

function cause(pod: Pod, statuses: readonly ContainerStatus[]): { reason: string; message: string } {
  if (pod.status?.reason) return { reason: pod.status.reason, message: pod.status.message ?? '' };
  for (const { name, state, lastState } of statuses) {
    const end = state?.terminated ?? lastState?.terminated;
    if (!end) continue;
    const reason = end.reason ?? 'Error';
    return { reason, message: `container ${name} ended with exit code ${end.exitCode} (${reason})` };
  }
  return { reason: 'Failed', message: 'a container restarted' };
}
