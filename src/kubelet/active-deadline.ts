import { endContainer } from './end-container.js';
import { sandboxContainerName } from './map/needs-sandbox.js';
import type { PodPass } from './pod-pass.js';
import { containerOf, isRunning } from './pod-state.js';

/** Whether the Pod ran longer than its activeDeadlineSeconds: its containers are ended, and it has Failed. Throws EngineUnreachable. */
export async function deadlineExceeded(pass: PodPass): Promise<boolean> {
  const { context, state } = pass;
  const { activeDeadlineSeconds, terminationGracePeriodSeconds } = state.pod.spec;
  if (activeDeadlineSeconds === undefined) return false;
  state.record.activeSinceMs ??= context.clock.now();
  const dueMs = state.record.activeSinceMs + activeDeadlineSeconds * 1000;
  if (context.clock.now() < dueMs) {
    pass.again(dueMs);
    return false;
  }
  if (!state.record.deadlineExceeded) {
    const said = 'Pod was active on the node longer than the specified deadline';
    context.recordEvent(state.pod, 'Normal', 'DeadlineExceeded', said);
    state.record.deadlineExceeded = true;
  }
  state.waiting.clear();
  const running = [...state.containers.values()].filter(
    (each) => isRunning(each) && containerOf(each) !== sandboxContainerName,
  );
  await Promise.all(
    running.map(async (each) => {
      state.probes.get(each.containerId)?.stop();
      await endContainer(context, state, each, terminationGracePeriodSeconds ?? 30);
      await pass.remember(each.containerId);
    }),
  );
  return true;
}
