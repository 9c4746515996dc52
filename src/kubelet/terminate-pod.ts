import { asTold } from './as-told.js';
import { endContainer } from './end-container.js';
import type { ContainerDetails } from './engine.js';
import { keepLastWords } from './keep-last-words.js';
import type { KubeletContext } from './kubelet-context.js';
import { restartsAlways, sandboxContainerName } from './map/needs-sandbox.js';
import { neededVolumes } from './map/pod-volumes.js';
import { containerOf, isHeld, isRunning, latestOf, type PodState } from './pod-state.js';

/** The grace a Pod that is being deleted has. */
export const graceSecondsOf = (state: PodState): number =>
  state.gone
    ? 0
    : (state.pod.metadata.deletionGracePeriodSeconds ?? state.pod.spec.terminationGracePeriodSeconds ?? 30);

/** Stops the Pod's containers within its grace, removes them and its volumes, and then the Pod from the store. Safe to repeat. */
export async function terminatePod(context: KubeletContext, state: PodState): Promise<void> {
  const { engine, store, cluster } = context;
  for (const probes of state.probes.values())
    if (state.gone) probes.stop();
    else probes.retire();
  const members = [...state.containers.values()].filter((c) => containerOf(c) !== sandboxContainerName);
  for (const member of state.stopping || state.gone ? [] : members.filter(isRunning)) {
    context.recordEvent(state.pod, 'Normal', 'Killing', `Stopping container ${containerOf(member)}`);
  }
  if (!state.stopping && state.record.stoppingSinceMs === undefined)
    await keepUnheard(context, state, members);
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
  for (const probes of state.probes.values()) probes.stop();
  if (isHeld(state.pod) && members.length > 0) await tellEnd(context, state, members);
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

/** Of a Pod that stays behind its containers: how they ended is the last that there is to tell. */
async function tellEnd(
  context: KubeletContext,
  state: PodState,
  members: readonly ContainerDetails[],
): Promise<void> {
  for (const { containerId } of members) {
    const ended = await context.engine.inspectContainer(containerId);
    if (ended) state.containers.set(containerId, asTold(state.record, ended));
  }
  context.publish(state);
}

/** A failure of its own that nobody has looked at yet, for instance because a whole group fails at once, is kept before it goes. */
async function keepUnheard(
  context: KubeletContext,
  state: PodState,
  members: readonly ContainerDetails[],
): Promise<void> {
  const { containers, initContainers = [] } = state.pod.spec;
  for (const container of [...containers, ...initContainers]) {
    const latest = latestOf(state, container.name);
    if (!latest || !members.includes(latest) || isRunning(latest) || latest.finishedAtMs === undefined)
      continue;
    if (latest.exitCode === 0 || state.crashes.get(container.name)?.containerId === latest.containerId)
      continue;
    await keepLastWords({ context, state }, container, latest);
  }
}
