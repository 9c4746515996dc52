import { isAppError } from '../lib/app-error.js';
import type { KubeletContext } from './kubelet-context.js';
import type { PodState } from './pod-state.js';

/** Ends the drills of a Pod whose time is over, those of an earlier daemon too. Returns when the next one is due. Throws EngineUnreachable. */
export async function endDrills(
  { engine, clock }: KubeletContext,
  { record }: PodState,
): Promise<number | undefined> {
  const nowMs = clock.now();
  if (record.unreadyUntilMs !== undefined && nowMs >= record.unreadyUntilMs) delete record.unreadyUntilMs;
  if (record.paused && nowMs >= record.paused.untilMs) {
    try {
      await engine.unpauseContainer?.(record.paused.containerId);
    } catch (error) {
      if (isAppError(error, 'EngineUnreachable')) throw error;
      // It is gone, or somebody else let it go on.
    }
    delete record.paused;
  }
  const due = [record.unreadyUntilMs, record.paused?.untilMs].filter((ms) => ms !== undefined);
  return due.length > 0 ? Math.min(...due) : undefined;
}
