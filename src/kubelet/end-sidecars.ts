import { endContainer } from './end-container.js';
import { hearOut } from './judge-ended.js';
import { restartsAlways } from './map/needs-sandbox.js';
import type { PodPass } from './pod-pass.js';
import { isRunning, latestOf } from './pod-state.js';
import { podStatus } from './pod-status.js';

/** Whether the Pod's containers are done for good. Its sidecars then end too, the last that came first. Throws EngineUnreachable. */
export async function endedWithSidecars(pass: PodPass): Promise<boolean> {
  const { context, state } = pass;
  const { initContainers = [], restartPolicy = 'Always', terminationGracePeriodSeconds } = state.pod.spec;
  if (restartPolicy === 'Always') return false;
  const { phase } = podStatus(state, { nowMs: context.clock.now(), hostIp: '' });
  if (phase !== 'Succeeded' && phase !== 'Failed') return false;
  for (const container of [...state.pod.spec.containers, ...initContainers]) {
    const latest = latestOf(state, container.name);
    if (latest && !isRunning(latest) && !restartsAlways(container)) await hearOut(pass, container, latest);
  }
  for (const { name } of initContainers.filter(restartsAlways).reverse()) {
    const latest = latestOf(state, name);
    state.waiting.delete(name);
    if (!latest || !isRunning(latest)) continue;
    state.probes.get(latest.containerId)?.stop();
    context.recordEvent(state.pod, 'Normal', 'Killing', `Stopping container ${name}`);
    await endContainer(context, state, latest, terminationGracePeriodSeconds ?? 30);
    await pass.remember(latest.containerId);
  }
  return true;
}
