import type { Container } from 'kubernetes-types/core/v1.js';
import type { ContainerDetails } from './engine.js';
import type { KubeletContext } from './kubelet-context.js';
import { containerOf, type PodState } from './pod-state.js';
import { runHook } from './run-hook.js';

/** What a container has left for its end when a hook, or those that end before it, took all of its grace, as in Kubernetes. */
const leastSeconds = 2;

/**
 * Ends a running container as Kubernetes does: preStop hook, stop signal, SIGKILL, all within the grace, of which `spentMs` is over. Throws what
 * the engine says.
 */
export async function endContainer(
  context: KubeletContext,
  state: PodState,
  details: ContainerDetails,
  graceSeconds: number,
  spentMs = 0,
): Promise<void> {
  const { spec } = state.pod;
  const container: Container | undefined = [...spec.containers, ...(spec.initContainers ?? [])].find(
    ({ name }) => name === containerOf(details),
  );
  const graceMs = graceSeconds * 1000;
  const beganAtMs = context.clock.now() - spentMs;
  const preStop = container?.lifecycle?.preStop;
  let cutShort = () => {};
  const cut = new Promise<undefined>((resolve) => {
    cutShort = () => resolve(undefined);
  });
  state.endings.set(details.containerId, cutShort);
  try {
    if (container && preStop && graceMs > spentMs) {
      const leftMs = graceMs - spentMs;
      let cancel = () => {};
      const overdue = new Promise<string>((resolve) => {
        cancel = context.clock.after(leftMs, () => resolve(`it did not end within ${graceSeconds} s`));
      });
      const hook = runHook(context, state, container, details, preStop, leftMs);
      const failure = await Promise.race([hook, overdue, cut]);
      cancel();
      if (failure !== undefined)
        context.recordEvent(state.pod, 'Warning', 'FailedPreStopHook', `PreStopHook failed: ${failure}`);
    }
    const leftSeconds = Math.ceil((graceMs - (context.clock.now() - beganAtMs)) / 1000);
    await context.engine.stopContainer(
      details.containerId,
      graceSeconds === 0 ? 0 : Math.max(leastSeconds, leftSeconds),
    );
  } finally {
    state.endings.delete(details.containerId);
  }
}
