import { deadlineExceeded } from './active-deadline.js';
import { endedWithSidecars } from './end-sidecars.js';
import type { KubeletContext } from './kubelet-context.js';
import { needsSandbox, restartsAlways } from './map/needs-sandbox.js';
import { beginPodPass } from './pod-pass.js';
import { hasBegun, latestOf, type PodState, verdictOf } from './pod-state.js';
import { runContainer } from './run-container.js';
import { runSandbox } from './run-sandbox.js';
import { volumesReady } from './volumes-ready.js';

/** The address of an entry pod is there moments after the Pod is bound. */
const entryLookMs = 500;

/**
 * One step of a Pod towards what its spec says: sandbox, init containers in order, then all containers at once, each only as far as it can
 * go now. Level-based: half-made pods are completed and nothing is made twice. Returns when to look again; EngineUnreachable passes through.
 */
export async function advancePod(context: KubeletContext, state: PodState): Promise<number | undefined> {
  const pass = await beginPodPass(context, state);
  const { spec } = state.pod;
  if ((await deadlineExceeded(pass)) || (await endedWithSidecars(pass))) return pass.dueMs();
  if (pass.lacksEntry) {
    for (const { name } of [...spec.containers, ...(spec.initContainers ?? [])])
      state.waiting.set(name, {
        reason: 'ContainerCreating',
        message: 'waits for the address of its entry pod, which it cannot find by name on the host network',
      });
    pass.again(context.clock.now() + entryLookMs);
    return pass.dueMs();
  }
  if (!(await volumesReady(pass))) return pass.dueMs();
  const sandboxed = needsSandbox(state.pod);
  const sandboxId = sandboxed ? await runSandbox(pass) : undefined;
  if (sandboxed && sandboxId === undefined) return pass.dueMs();
  const begun = hasBegun(state);
  for (const container of spec.initContainers ?? []) {
    if (state.aborter.signal.aborted) return pass.dueMs();
    if (restartsAlways(container)) {
      const outcome = await runContainer(pass, container, 'sidecar', sandboxId);
      const latest = latestOf(state, container.name);
      const started =
        outcome === 'running' && latest !== undefined && verdictOf(state, latest.containerId).started;
      if (!started && !begun) return pass.dueMs();
    } else if (!begun && (await runContainer(pass, container, 'init', sandboxId)) !== 'succeeded')
      return pass.dueMs();
  }
  await Promise.all(spec.containers.map((container) => runContainer(pass, container, 'app', sandboxId)));
  await endedWithSidecars(pass);
  return pass.dueMs();
}
