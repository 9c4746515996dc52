import type { Container } from 'kubernetes-types/core/v1.js';
import { endContainer } from './end-container.js';
import type { ContainerDetails } from './engine.js';
import type { PodPass } from './pod-pass.js';
import { runHook } from './run-hook.js';

/** Kubernetes has no limit for a postStart hook; this one keeps a call from hanging for ever. */
const longestHookMs = 3_600_000;

/**
 * The postStart hook of a running container, once per run and beside the passes. True when there is none or it went well; until then the
 * container does not count as running. One that failed ends its container.
 */
export function isStarted(
  { context, state }: PodPass,
  container: Container,
  details: ContainerDetails,
): boolean {
  const hook = container.lifecycle?.postStart;
  const { containerId } = details;
  if (!hook || state.record.hooked.includes(containerId)) return true;
  if (state.hooks.has(containerId)) return false;
  state.hooks.add(containerId);
  state.waiting.set(container.name, {
    reason: 'ContainerCreating',
    message: 'the postStart hook is running',
  });
  context.publish(state);
  void runHook(context, state, container, details, hook, longestHookMs)
    .then(async (failure) => {
      if (failure === undefined) {
        state.record.hooked = [...state.record.hooked, containerId].filter((id) => state.containers.has(id));
        state.waiting.delete(container.name);
      } else if (state.containers.has(containerId)) {
        const said = `PostStartHook failed: ${failure}`;
        context.recordEvent(state.pod, 'Warning', 'FailedPostStartHook', said);
        state.waiting.set(container.name, { reason: 'PostStartHookError', message: said });
        await endContainer(context, state, details, state.pod.spec.terminationGracePeriodSeconds ?? 30);
      }
    })
    .catch(() => {})
    .finally(() => {
      state.hooks.delete(containerId);
      context.wake(state.uid);
    });
  return false;
}
