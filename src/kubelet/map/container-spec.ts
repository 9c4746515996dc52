import type { Container, Probe } from 'kubernetes-types/core/v1.js';
import { annotation, label, ownerLabel } from '../../api/labels.js';

import type { Pod } from '../../api/types/resources.js';
import { parseQuantity } from '../../lib/parse-quantity.js';
import { shortHash } from '../../lib/short-hash.js';
import type { ContainerSpec } from '../engine.js';
import { containerEnv } from './container-env.js';
import { expandVariables } from './expand-variables.js';
import { gpuDetails } from './gpu-details.js';
import { needsSandbox, sandboxContainerName, sandboxImage } from './needs-sandbox.js';
import { podNamespaces, podNetworkDetails, runtimeOf } from './pod-details.js';
import { podNames } from './pod-names.js';
import type { PodSurroundings } from './pod-surroundings.js';
import { containerMounts, sandboxMounts, shmBytes } from './pod-volumes.js';
import { securityOf } from './security-of.js';
import { simulatedOrders } from './simulated-orders.js';

export const containerName = (cluster: string, pod: Pod, container: string, attempt: number): string =>
  `${cluster}_${pod.metadata.namespace}_${pod.metadata.name}_${container}${attempt > 0 ? `_${attempt}` : ''}`;

/** Same hash, same container: the container as written with what it takes from its pod. Addresses and host ports are not part of it. */
export const containerSpecHash = (pod: Pod, container: Container | undefined): string => {
  const { containers: _c, initContainers: _i, nodeName: _n, ...shared } = pod.spec;
  return shortHash({ container, shared });
};

/** Identity labels of everything made for a pod, beside the pod's own. */
export const ownerLabels = (pod: Pod, around: PodSurroundings): Record<string, string> => ({
  [ownerLabel.owner]: 'minithena',
  [ownerLabel.cluster]: around.cluster.name,
  [ownerLabel.clusterId]: around.cluster.id,
  [ownerLabel.namespace]: pod.metadata.namespace,
  [ownerLabel.modelServingUid]:
    pod.metadata.ownerReferences?.find((r) => r.kind === 'ModelServing')?.uid ?? '',
  [ownerLabel.podName]: pod.metadata.name,
  [ownerLabel.podUid]: pod.metadata.uid ?? '',
});

function containerLabels(
  pod: Pod,
  container: Container | undefined,
  attempt: number,
  around: PodSurroundings,
) {
  const labels = pod.metadata.labels ?? {};
  const gpus = pod.metadata.annotations?.[annotation.gpus];
  const index = (container ?? pod.spec.containers[0])?.env?.findLast((e) => e.name === 'WORKER_INDEX')?.value;
  return {
    ...labels,
    ...ownerLabels(pod, around),
    [ownerLabel.podIndex]: index ?? '0',
    [ownerLabel.podIp]: around.podIp,
    [ownerLabel.container]: container?.name ?? sandboxContainerName,
    [ownerLabel.specHash]: containerSpecHash(pod, container),
    [ownerLabel.attempt]: String(attempt),
    ...(gpus !== undefined && { [ownerLabel.podGpus]: gpus }),
    [ownerLabel.composeProject]: `minithena-${labels[label.modelServing] ?? pod.metadata.name}`,
  };
}

/** The pod's address in its namespace network, with the names it answers to. */
function podNetwork(pod: Pod, around: PodSurroundings): ContainerSpec['network'] {
  if (pod.spec.hostNetwork) return { kind: 'host' };
  const { name, namespace } = pod.metadata;
  return { kind: 'namespace', namespace, ip: around.podIp, aliases: podNames(name, namespace) };
}

/** The numbers of the ports that a container's probes and hooks speak to, where they are no names. */
function probedPorts(container: Container): number[] {
  const { startupProbe, livenessProbe, readinessProbe, lifecycle } = container;
  return [startupProbe, livenessProbe, readinessProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap(
    (each) => {
      const port = each?.httpGet?.port ?? each?.tcpSocket?.port ?? (each as Probe | undefined)?.grpc?.port;
      return typeof port === 'number' ? [port] : [];
    },
  );
}

function publishedPorts(
  pod: Pod,
  containers: readonly Container[],
  around: PodSurroundings,
): ContainerSpec['ports'] {
  if (pod.spec.hostNetwork) return [];
  const ports = new Map<string, ContainerSpec['ports'][number]>();
  for (const port of containers.flatMap((c) => c.ports ?? [])) {
    const protocol = (port.protocol ?? 'TCP').toLowerCase() as 'tcp' | 'udp' | 'sctp';
    if (protocol !== 'tcp' && port.hostPort === undefined) continue;
    const key = `${port.containerPort}/${protocol}`;
    ports.set(key, {
      containerPort: port.containerPort,
      protocol,
      hostIp: port.hostIP || '127.0.0.1',
      hostPort: port.hostPort ?? around.hostPorts[key] ?? 0,
    });
  }
  // A probe may be of a port that is not listed, and has to get there.
  for (const port of around.hostReachesPods === false ? containers.flatMap(probedPorts) : []) {
    const key = `${port}/tcp`;
    if (ports.has(key)) continue;
    ports.set(key, {
      containerPort: port,
      protocol: 'tcp',
      hostIp: '127.0.0.1',
      hostPort: around.hostPorts[key] ?? 0,
    });
  }
  return [...ports.values()];
}

/** The pause container that owns network, IPC and hostname of the pod. Pure. */
export function sandboxSpec(pod: Pod, around: PodSurroundings): ContainerSpec {
  const shm = shmBytes(pod, [...pod.spec.containers, ...(pod.spec.initContainers ?? [])], around);
  const runtime = runtimeOf(pod, around);
  return {
    name: containerName(around.cluster.name, pod, sandboxContainerName, 0),
    image: sandboxImage,
    labels: containerLabels(pod, undefined, 0, around),
    ...(pod.spec.hostNetwork ? {} : { hostname: pod.spec.hostname ?? pod.metadata.name }),
    env: [],
    network: podNetwork(pod, around),
    ports: publishedPorts(pod, [...pod.spec.containers, ...(pod.spec.initContainers ?? [])], around),
    mounts: sandboxMounts(pod, around),
    ...(shm === undefined ? {} : { shmBytes: shm }),
    ...(runtime === undefined ? {} : { runtime }),
    ...podNetworkDetails(pod, around),
    ...podNamespaces(pod, undefined),
  };
}

/**
 * One container of a Pod in the engine's nouns. `sandboxId` is given exactly when the pod has a sandbox; then network, ports, hostname and
 * /dev/shm are the sandbox's. Throws ConfigError for what cannot be. Pure.
 */
export function containerSpec(
  pod: Pod,
  container: Container,
  options: { around: PodSurroundings; attempt: number; sandboxId?: string; init?: boolean },
): ContainerSpec {
  const { around, attempt, sandboxId, init = false } = options;
  const env = containerEnv(pod, container, around);
  const values = new Map(env.map((e) => [e.name, e.value]));
  const expand = (words: readonly string[] | undefined) =>
    words?.map((word) => expandVariables(word, values));
  // Kubernetes' four cases: neither → the image's own; command alone drops the image's Cmd too; args alone replace only Cmd.
  const entrypoint = container.command?.length ? expand(container.command) : undefined;
  const command = container.args?.length ? expand(container.args) : undefined;
  const limits = container.resources?.limits ?? {};
  const cpu = limits.cpu === undefined ? undefined : parseQuantity(limits.cpu);
  const memory = limits.memory === undefined ? undefined : parseQuantity(limits.memory);
  const shm = sandboxId === undefined ? shmBytes(pod, [container], around) : undefined;
  const security = securityOf(pod, container);
  // Newer than the types here.
  const { stopSignal } = (container.lifecycle ?? {}) as { stopSignal?: string };
  const runtime = runtimeOf(pod, around);
  const gpus = gpuDetails(pod, container.name, env, around);
  return {
    name: containerName(around.cluster.name, pod, container.name, attempt),
    image: container.image ?? '',
    labels: { ...containerLabels(pod, container, attempt, around), ...gpus.labels },
    ...(sandboxId === undefined && !pod.spec.hostNetwork
      ? { hostname: pod.spec.hostname ?? pod.metadata.name }
      : {}),
    ...(entrypoint ? { entrypoint } : {}),
    ...(command ? { command } : {}),
    env: gpus.env,
    ...(gpus.devices && { devices: gpus.devices }),
    ...(container.workingDir ? { workingDir: container.workingDir } : {}),
    ...(container.tty ? { tty: true } : {}),
    ...(container.stdin ? { stdin: true } : {}),
    ...(container.stdinOnce ? { stdinOnce: true } : {}),
    ...(stopSignal ? { stopSignal } : {}),
    network:
      sandboxId === undefined ? podNetwork(pod, around) : { kind: 'container', containerId: sandboxId },
    ports: sandboxId === undefined && !init ? publishedPorts(pod, [container], around) : [],
    mounts: containerMounts(pod, container, around, values),
    ...(shm === undefined ? {} : { shmBytes: shm }),
    // Docker refuses more cpu than the machine has.
    ...(cpu ? { cpuNanos: Math.round(Math.min(cpu, around.cpus) * 1e9) } : {}),
    ...(memory ? { memoryBytes: Math.ceil(memory) } : {}),
    ...(security ? { security } : {}),
    ...(runtime === undefined ? {} : { runtime }),
    ...(sandboxId === undefined ? podNetworkDetails(pod, around) : {}),
    ...podNamespaces(pod, sandboxId),
    ...simulatedOrders(pod, container.name, init),
  };
}

/** All container specs of a pod at first creation, in order of start: sandbox, init containers, containers. Pure; for tests and docs. */
export function containerSpecs(pod: Pod, around: PodSurroundings): ContainerSpec[] {
  const sandbox = needsSandbox(pod) ? sandboxSpec(pod, around) : undefined;
  const joined = sandbox ? { sandboxId: sandbox.name } : {};
  return [
    ...(sandbox ? [sandbox] : []),
    ...(pod.spec.initContainers ?? []).map((c) =>
      containerSpec(pod, c, { around, attempt: 0, init: true, ...joined }),
    ),
    ...pod.spec.containers.map((c) => containerSpec(pod, c, { around, attempt: 0, ...joined })),
  ];
}
