import type { KubeletContext } from './kubelet-context.js';
import { sandboxContainerName } from './map/needs-sandbox.js';
import { neededVolumes } from './map/pod-volumes.js';
import { containerOf, isRunning, type PodState } from './pod-state.js';

/** The grace a Pod that is being deleted has. */
export const graceSecondsOf = (state: PodState): number =>
  state.gone
    ? 0
    : (state.pod.metadata.deletionGracePeriodSeconds ?? state.pod.spec.terminationGracePeriodSeconds ?? 30);

/** Stops the Pod's containers within its grace, removes them and its volumes, and then the Pod from the store. Safe to repeat. */
export async function terminatePod(context: KubeletContext, state: PodState): Promise<void> {
  const { engine, store, cluster } = context;
  for (const probes of state.probes.values()) probes.stop();
  const members = [...state.containers.values()].filter((c) => containerOf(c) !== sandboxContainerName);
  for (const member of state.stopping || state.gone ? [] : members.filter(isRunning)) {
    context.recordEvent(state.pod, 'Normal', 'Killing', `Stopping container ${containerOf(member)}`);
  }
  state.stopping = true;
  await Promise.all(
    members.filter(isRunning).map((c) => engine.stopContainer(c.containerId, graceSecondsOf(state))),
  );
  // The sandbox goes last: until then the others need its network.
  for (const group of [
    members,
    [...state.containers.values()].filter((c) => containerOf(c) === sandboxContainerName),
  ]) {
    await Promise.all(
      group.map(async (c) => {
        await engine.removeContainer(c.containerId);
        state.containers.delete(c.containerId);
      }),
    );
  }
  const around = { cluster, podIp: '', hostIp: '', cpus: 1, memoryBytes: 0, hostPorts: {} };
  for (const volume of neededVolumes(state.pod, around))
    if (volume.ofPod) await engine.removeVolume(volume.name);
  context.records.remove(state.uid);
  context.registry.states.delete(state.uid);
  const { name, namespace, uid } = state.pod.metadata;
  if (!state.gone) store.remove('pods', { name, namespace, ...(uid ? { uid } : {}) });
}
