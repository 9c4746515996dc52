import type { Container } from 'kubernetes-types/core/v1.js';
import { isAppError, messageOf } from '../lib/app-error.js';
import { pullPolicy } from './map/pull-policy.js';
import type { PodPass } from './pod-pass.js';

/** How long a failed pull is shown as such before it is shown as its back-off. */
const showFailureMs = 1000;

/**
 * True when the container's image is there as its pull policy wants it. A pull goes on beside the passes, so that the pod's other
 * containers are looked after meanwhile, and wakes the pod when it is over. Throws EngineUnreachable.
 */
export async function imageReady(pass: PodPass, container: Container): Promise<boolean> {
  const { context, state } = pass;
  const { name } = container;
  const image = container.image ?? '';
  const key = `pull ${image}`;
  const { policy, implied } = pullPolicy(container);
  const pull = state.pulls.get(name);
  if (!pull && heldBackVisibly(pass, key, name, image)) return false;
  if (pull && !pull.outcome) return false;
  const local = await context.engine.findImage(image);
  if (!pull && (policy === 'Never' || (policy === 'IfNotPresent' && local))) {
    if (local) {
      const present = `Container image "${image}" already present on machine`;
      context.recordEvent(state.pod, 'Normal', 'Pulled', present);
      return true;
    }
    const absent = `Container image "${image}" is not present with pull policy of Never`;
    pass.failed(key, name, 'ErrImageNeverPull', absent);
    return false;
  }
  if (!pull?.outcome) {
    beginPull(pass, name, image);
    return false;
  }
  state.pulls.delete(name);
  const { error } = pull.outcome;
  if (error === undefined) {
    const seconds = (context.clock.now() - pull.beganAtMs) / 1000;
    const done = `Successfully pulled image "${image}" in ${seconds.toFixed(1)}s`;
    context.recordEvent(state.pod, 'Normal', 'Pulled', done);
    state.failures.delete(key);
    return true;
  }
  if (isAppError(error, 'EngineUnreachable')) throw error;
  if (local && (implied || policy === 'IfNotPresent')) {
    const fallback = `Image "${image}" could not be pulled (${messageOf(error)}); the local one is used`;
    context.recordEvent(state.pod, 'Warning', 'PullFailed', fallback);
    return true;
  }
  pass.failed(key, name, 'ErrImagePull', `Failed to pull image "${image}": ${messageOf(error)}`);
  pass.again(context.clock.now() + showFailureMs);
  return false;
}

function beginPull({ context, state }: PodPass, container: string, image: string): void {
  const pull: { beganAtMs: number; outcome?: { error?: unknown } } = { beganAtMs: context.clock.now() };
  state.pulls.set(container, pull);
  const pulling = `Pulling image "${image}"`;
  state.waiting.set(container, { reason: 'ContainerCreating', message: pulling });
  context.recordEvent(state.pod, 'Normal', 'Pulling', pulling);
  context.publish(state);
  void context
    .pull(image, state.aborter.signal)
    .then(
      () => ({}),
      (error: unknown) => ({ error }),
    )
    .then((outcome) => {
      pull.outcome = outcome;
      context.wake(state.uid);
    });
}

function heldBackVisibly(pass: PodPass, key: string, container: string, image: string): boolean {
  const { context, state } = pass;
  const shownBefore = state.waiting.get(container)?.reason;
  const neverPull = state.failures.get(key)?.reason === 'ErrImageNeverPull';
  if (!pass.heldBack(key, container, neverPull ? undefined : 'ImagePullBackOff')) return false;
  if (!neverPull && shownBefore !== 'ImagePullBackOff') {
    context.recordEvent(state.pod, 'Normal', 'BackOff', `Back-off pulling image "${image}"`);
  }
  return true;
}
