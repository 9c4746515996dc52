import type { Container } from 'kubernetes-types/core/v1.js';
import { ownerLabel } from '../api/labels.js';
import { isAppError } from '../lib/app-error.js';
import { checkHostPaths } from './check-host-paths.js';
import type { ContainerSpec } from './engine.js';
import { openVolumes } from './fill-volumes.js';
import { ownerLabels } from './map/container-spec.js';
import { hostPathsOf, neededVolumes } from './map/pod-volumes.js';
import type { PodPass } from './pod-pass.js';
import { isRunning } from './pod-state.js';

/**
 * Creates a container with the volumes it mounts and host ports of its own, or takes over one of ours that has the name already.
 * Throws ConfigError and what the engine says.
 */
export async function createContainer(
  pass: PodPass,
  made: () => ContainerSpec,
  container?: Container,
): Promise<string> {
  const { engine, slots, registry } = pass.context;
  const wanted = made();
  await ensureVolumes(pass);
  if (container) await openVolumes(pass, container, wanted.mounts);
  const spec = await choosePorts(pass, wanted);
  const create = () => slots.run(() => engine.createContainer(spec));
  try {
    return await create();
  } catch (error) {
    if (!isAppError(error, 'EngineConflict')) throw error;
    const holder = (await engine.listContainers()).find((c) => c.name === spec.name);
    if (!holder) throw error;
    const same = [ownerLabel.podUid, ownerLabel.specHash].every(
      (key) => holder.labels[key] === spec.labels[key],
    );
    if (same) return holder.containerId;
    if (isRunning(holder) || registry.states.has(holder.labels[ownerLabel.podUid] ?? '')) throw error;
    await engine.removeContainer(holder.containerId);
    return await create();
  }
}

async function ensureVolumes({ context, state, around }: PodPass): Promise<void> {
  // The files of another machine are not to be seen from here.
  if (context.info().isLocal !== false) checkHostPaths(hostPathsOf(state.pod));
  for (const volume of neededVolumes(state.pod, around())) {
    const { [ownerLabel.podUid]: _uid, ...lasting } = ownerLabels(state.pod, around());
    await context.engine.ensureVolume(
      volume.name,
      volume.ofPod ? ownerLabels(state.pod, around()) : lasting,
      volume.tmpfsBytes === undefined ? undefined : { tmpfsBytes: volume.tmpfsBytes },
    );
  }
}

/** Host ports are chosen before the first creation, so that they stay when the engine restarts the container. */
async function choosePorts({ context, state }: PodPass, made: ContainerSpec): Promise<ContainerSpec> {
  const ports = [];
  for (const port of made.ports) {
    const hostPort = port.hostPort || ((await context.pickPort()) ?? 0);
    if (hostPort > 0) state.record.ports[`${port.containerPort}/${port.protocol}`] = hostPort;
    ports.push({ ...port, hostPort });
  }
  return { ...made, ports };
}
