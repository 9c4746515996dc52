import { endContainer } from './end-container.js';
import type { ContainerDetails } from './engine.js';
import type { KubeletContext } from './kubelet-context.js';
import { restartsAlways, sandboxContainerName } from './map/needs-sandbox.js';
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
  // A daemon that was killed in between does not begin the grace anew.
  state.record.stoppingSinceMs ??= context.clock.now();
  context.records.write(state.uid, state.record);
  const sidecars = (state.pod.spec.initContainers ?? []).filter(restartsAlways).map(({ name }) => name);
  const end = (c: ContainerDetails) =>
    endContainer(
      context,
      state,
      c,
      graceSecondsOf(state),
      context.clock.now() - (state.record.stoppingSinceMs ?? context.clock.now()),
    );
  const running = members.filter(isRunning);
  await Promise.all(running.filter((c) => !sidecars.includes(containerOf(c))).map(end));
  // What the others rely on goes after them, the last that came first.
  for (const name of sidecars.reverse()) for (const c of running) if (containerOf(c) === name) await end(c);
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
