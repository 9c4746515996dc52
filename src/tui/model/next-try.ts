import { annotation } from '../../api/labels.js';
import { pullTrouble } from '../../api/pull-trouble.js';
import type { KubeEvent, Pod } from '../../api/types/resources.js';
import { containerStates } from './container-state.js';
import { isOfPodBefore } from './events-about.js';
import type { Model } from './model.js';
import type { Why } from './why.js';

/** What to try next, the most promising first; '' when nothing need be done. Commands stand between backticks. Pure. */
export function nextTry(model: Model, why: Why): string {
  const serving = model.data.modelservings.get(why.subject.serving);
  const name = serving?.metadata.name ?? '';
  const command = (words: string) => `\`${commandOf(model, serving?.metadata.namespace ?? '', words)}\``;
  if (model.connection.state === 'lost') return `the daemon is away: ${command('up FILE')} starts it again`;
  if (model.info?.engine.reachable === false)
    return `the engine does not answer: ${command('doctor')} says why`;
  const invalid = serving?.metadata.annotations?.[annotation.invalidSpec];
  if (invalid !== undefined) return `correct the file, which is not in force: ${invalid}`;
  if (why.holds.some((hold) => hold.reason === 'Paused'))
    return `${command(`rollout resume ${name}`)} lets the roll-out go on`;
  const { culprit, blamed } = why;
  if (blamed && !culprit)
    return `read its last log below, then correct command, arguments or image of ${blamed.name} in the file`;
  if (!culprit || why.subject.level === 'good') return '';
  return ofPod(
    culprit,
    why,
    why.events.filter((each) => !isOfPodBefore(model, each)),
    command,
  );
}

/** A command line of this cluster and namespace, as it can be typed. */
export function commandOf(model: Pick<Model, 'cluster'>, namespace: string, words: string): string {
  const cluster = model.cluster === 'default' ? '' : ` --cluster ${model.cluster}`;
  const where = namespace === '' || namespace === 'default' ? '' : ` -n ${namespace}`;
  return `minithena ${words}${cluster}${where}`;
}

function ofPod(pod: Pod, why: Why, told: readonly KubeEvent[], command: (words: string) => string): string {
  const { name } = pod.metadata;
  if (pod.metadata.deletionTimestamp)
    return `wait: it has ${pod.metadata.deletionGracePeriodSeconds ?? 30}s to end by itself before it is killed`;
  if (why.scheduling)
    return why.scheduling.includes('can never fit')
      ? 'ask for less in the file, or say what the node has: the line above names the option'
      : `scale down, or wait until something ends: ${command('get pods -o wide')} shows who has what`;
  const bad = containerStates(pod).find((each) => each.level !== 'good');
  if (!bad) return why.probes.length > 0 ? probeTry(name, command) : '';
  const image = bad.spec.image ?? '';
  switch (bad.word) {
    case 'ErrImageNeverPull':
      return `\`docker pull ${image}\`, or leave imagePullPolicy: Never out`;
    case 'InvalidImageName':
      return `correct image: ${image}`;
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return pullTry(image, [bad.reason, ...told.map((each) => each.message)].join(' '));
    case 'CreateContainerConfigError':
      return `make what the message names: ${bad.reason}`;
    case 'OOMKilled':
      return memoryTry(bad.name);
    case 'ContainerCreating':
    case 'PodInitializing':
    case 'Waiting':
      return told.some((each) => each.reason === 'FailedMount')
        ? 'make what the volume names: the event says which object is missing'
        : 'wait: it is being made';
    case 'Running':
      return probeTry(name, command);
    default:
      return bad.status?.lastState?.terminated?.reason === 'OOMKilled'
        ? memoryTry(bad.name)
        : `${command(`logs ${name} -c ${bad.name} --previous`)}, then correct command, arguments or image in the file`;
  }
}

const memoryTry = (container: string): string =>
  `raise resources.limits.memory of container ${container}: the kernel ended it at that limit`;
const probeTry = (pod: string, command: (words: string) => string): string =>
  `${command(`logs ${pod} -f`)} shows whether it still starts; if it has, compare path and port of its probe with what it serves`;

function pullTry(image: string, said: string): string {
  switch (pullTrouble(said)) {
    case 'missing':
    case 'invalidName':
      return `correct the name or tag: \`docker pull ${image}\` must work`;
    case 'denied':
      return `\`docker login\` at its registry, or name imagePullSecrets; then \`docker pull ${image}\` must work`;
    case 'rateLimit':
      return 'wait, or `docker login`: the registry counts pulls';
    case 'diskFull':
      return '`docker system df` shows what takes the space, `docker image prune` gives some back';
    case 'architecture':
      return `take an image for this machine's architecture: ${image} has none`;
    case 'unknownHost':
      return `correct the registry in the name, or look at the engine's network: \`docker pull ${image}\``;
    case 'network':
      return `look at network and proxy of the engine: \`docker pull ${image}\``;
    case 'other':
      return `\`docker pull ${image}\` says more`;
  }
}
