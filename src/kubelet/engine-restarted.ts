import { ownerLabel } from '../api/labels.js';
import type { ContainerDetails } from './engine.js';
import { isRunning } from './pod-state.js';

/** Deaths of one shutdown lie this close together at most: the longest grace an engine gives its containers, with room to spare. */
const oneShutdownMs = 60_000;
/** An engine that goes down stops its containers a little before or after it stops answering. */
const beforeLossMs = 30_000;

/**
 * Whether a gap in contact was the engine's (or the machine's) own end, so that the containers it took along have not failed. Nothing may
 * have survived. Then the engine's own mark of its start decides where it gives one; else deaths of several pods close together
 * at the time of the gap. One pod alone that is found dead after we were away has crashed. Pure.
 */
export function engineRestarted(gap: {
  containers: readonly ContainerDetails[];
  /** EngineInfo.startMark before and after the gap. */
  markBefore: string | undefined;
  markNow: string | undefined;
  /** When contact was lost; undefined when this process has only just started. */
  lostAtMs: number | undefined;
}): boolean {
  const { containers, markBefore, markNow, lostAtMs } = gap;
  if (containers.some(isRunning)) return false;
  const dead = containers.filter((c) => c.state !== 'created' && c.finishedAtMs !== undefined);
  if (dead.length === 0) return false;
  if (markBefore !== undefined && markNow !== undefined) return markBefore !== markNow;
  const times = dead.map((c) => c.finishedAtMs ?? 0);
  if (lostAtMs !== undefined) return Math.max(...times) >= lostAtMs - beforeLossMs;
  const lastMs = Math.max(...times);
  const together = dead.filter((c) => (c.finishedAtMs ?? 0) >= lastMs - oneShutdownMs);
  return new Set(together.map((c) => c.labels[ownerLabel.podUid])).size > 1;
}
