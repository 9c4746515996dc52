import type { Container } from 'kubernetes-types/core/v1.js';
import { canStandIn } from '../api/overlay-stand-in.js';
import { followMessage, pullMessage } from '../api/pull-message.js';
import { isAppError, messageOf } from '../lib/app-error.js';
import { pullPolicy } from './map/pull-policy.js';
import type { PodPass } from './pod-pass.js';
import type { PodPull } from './pod-state.js';
import { dockerConfigMark } from './pull/docker-config-credentials.js';
import { explainFailure, mayBeDenied } from './pull/explain-failure.js';
import { findCredentials } from './pull/find-credentials.js';
import { isImageName } from './pull/image-name.js';

/** How long a failed pull is shown as such before it is shown as its back-off. */
const showFailureMs = 1000;
/** `docker login` writes a file and tells nobody. */
const lookForLoginMs = 3000;

/**
 * True when the container's image is there as its pull policy wants it. A pull goes on beside the passes, so that the pod's other
 * containers are looked after meanwhile, and wakes the pod when it is over. Throws EngineUnreachable.
 */
export async function imageReady(pass: PodPass, container: Container): Promise<boolean> {
  const { context, state } = pass;
  const { name } = container;
  const image = container.image ?? '';
  const key = `pull ${image}`;
  const { policy, implied } = pullPolicy(container, context.pullOverride());
  const begun = state.pulls.get(name);
  // The image of a pod may be edited while the old one is being pulled.
  const pull = begun?.image === image ? begun : undefined;
  if (pull && !pull.outcome) return false;
  if (!isImageName(image)) {
    const invalid = `Failed to apply default image tag "${image}": couldn't parse image name: invalid reference format`;
    if (!pass.heldBack(key, name))
      pass.failed(key, name, 'InvalidImageName', explainFailure(image, invalid, undefined));
    return false;
  }
  const heldBack = !pull && heldBackVisibly(pass, key, name, image);
  if (heldBack && policy === 'Always' && !implied) return false;
  const local = await context.engine.findImage(image);
  // What was built or loaded meanwhile ends the waiting.
  if (heldBack && !local) return false;
  if (!pull && (policy === 'Never' || (local && (heldBack || policy === 'IfNotPresent')))) {
    if (local) {
      state.failures.delete(key);
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
  const why = explainFailure(image, messageOf(error), pull.search);
  if (local && (implied || policy === 'IfNotPresent')) {
    const fallback = `Image "${image}" could not be pulled (${why}); the local one is used`;
    context.recordEvent(state.pod, 'Warning', 'PullFailed', fallback);
    state.failures.delete(key);
    return true;
  }
  const isInit = state.pod.spec.initContainers?.some((each) => each.name === name) === true;
  const otherwise = canStandIn(container, isInit)
    ? '; `minithena up FILE --stand-in` runs the stand-in in its place'
    : '';
  pass.failed(key, name, 'ErrImagePull', `Failed to pull image "${image}": ${why}${otherwise}`);
  const failure = state.failures.get(key);
  if (failure && pull.search && mayBeDenied(messageOf(error))) failure.configMark = dockerConfigMark();
  pass.again(context.clock.now() + showFailureMs);
  return false;
}

function beginPull(pass: PodPass, container: string, image: string): void {
  const { context, state } = pass;
  const pull: PodPull = { image, beganAtMs: context.clock.now() };
  const show = (message: string) => {
    if (state.pulls.get(container) !== pull || pull.outcome) return;
    state.waiting.set(container, { reason: 'ContainerCreating', message });
    context.publish(state);
  };
  state.pulls.set(container, pull);
  context.recordEvent(state.pod, 'Normal', 'Pulling', pullMessage(image));
  show(pullMessage(image));
  void withCredentials(pass, image, pull)
    .then((auths) =>
      context.pull({
        image,
        auths,
        who: state.pod.metadata.name,
        signal: state.aborter.signal,
        onProgress: (progress) => show(pullMessage(image, progress)),
        onFollow: (whose) => whose !== state.pod.metadata.name && show(followMessage(image, whose)),
      }),
    )
    .then(
      () => ({}),
      (error: unknown) => ({ error }),
    )
    .then((outcome) => {
      pull.outcome = outcome;
      context.wake(state.uid);
    });
}

async function withCredentials({ context, state }: PodPass, image: string, pull: PodPull) {
  // Nothing is pulled there: no helper is to be asked for it.
  if (context.info().kind === 'simulated') return [];
  const search = await findCredentials(state.pod, image, (namespace, name) =>
    context.store.get('secrets', namespace, name),
  );
  pull.search = search;
  if (search.unusableSecrets.length > 0) {
    const missing = `Unable to retrieve some image pull secrets (${search.unusableSecrets.join(', ')}); attempting to pull the image may not succeed.`;
    context.recordEvent(state.pod, 'Warning', 'FailedToRetrieveImagePullSecret', missing);
  }
  return search.found.map(({ auth }) => auth);
}

/** True while an earlier failure keeps the image from being pulled again; says so in Kubernetes' words. */
function heldBackVisibly(pass: PodPass, key: string, container: string, image: string): boolean {
  const { context, state } = pass;
  const shownBefore = state.waiting.get(container)?.reason;
  const failure = state.failures.get(key);
  if (failure?.configMark !== undefined) {
    if (failure.configMark !== dockerConfigMark()) {
      // Somebody logged in.
      state.failures.delete(key);
      return false;
    }
    pass.again(context.clock.now() + lookForLoginMs);
  }
  const neverPull = failure?.reason === 'ErrImageNeverPull';
  if (!pass.heldBack(key, container, neverPull ? undefined : 'ImagePullBackOff')) return false;
  if (neverPull) return true;
  const backOff = `Back-off pulling image "${image}"`;
  state.waiting.set(container, {
    reason: 'ImagePullBackOff',
    message: `${backOff}: ErrImagePull: ${failure?.message}`,
  });
  if (shownBefore !== 'ImagePullBackOff') context.recordEvent(state.pod, 'Normal', 'BackOff', backOff);
  return true;
}
