import { annotation } from '../api/labels.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { ScalingOperation } from '../api/types/resources.js';
import { humanDuration } from '../lib/human-duration.js';

export interface RolloutProgress {
  readonly state: 'complete' | 'paused' | 'waiting';
  /** What is so, without what changes with every second. */
  readonly line: string;
  /** Since when it stands as it does; undefined where nothing is under way. */
  readonly sinceMs?: number;
}

/** Where a roll-out stands, and what it waits for. `operation` is the last one of the ModelServing. Pure. */
export function rolloutProgress(
  serving: ModelServing,
  operation: ScalingOperation | undefined,
): RolloutProgress {
  const { metadata, spec, status } = serving;
  const isSeen = status?.observedGeneration === metadata.generation;
  const isUnderWay = operation?.status.phase === 'Running';
  const available = status?.availableReplicas ?? 0;
  const isComplete =
    isSeen && !isUnderWay && available === spec.replicas && status?.replicas === spec.replicas;
  if (isComplete) {
    return { state: 'complete', line: `modelserving "${metadata.name}" successfully rolled out` };
  }
  const counts = `${status?.updatedReplicas ?? 0} of ${spec.replicas} ServingGroups updated, ${available} Running`;
  const holds = operation?.status.holds ?? [];
  const isPaused = metadata.annotations?.[annotation.paused] === 'true';
  const last = operation?.status.stages.at(-1);
  const since = last ? { sinceMs: Date.parse(last.startedAt) } : {};
  if (isPaused && isSeen && holds.every(({ reason }) => reason === 'Paused')) {
    return { state: 'paused', line: `${counts}; the roll-out is paused`, ...since };
  }
  const why = isSeen
    ? (holds[0]?.message ?? last?.note ?? 'nothing has begun yet')
    : 'the spec is not seen yet';
  return { state: 'waiting', line: `${counts}; ${why}`, ...since };
}

/** How long it has stood so, as people say it; '' where it has only just begun. */
export const lasting = (sinceMs: number | undefined, nowMs: number): string =>
  sinceMs === undefined || nowMs - sinceMs < 1000 ? '' : ` (for ${humanDuration(nowMs - sinceMs)})`;
