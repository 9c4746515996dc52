import { ownerLabel } from '../api/labels.js';
import { messageOf } from '../lib/app-error.js';
import type { Engine } from './engine.js';
import type { Slots } from './limit-concurrency.js';
import { sandboxContainerName } from './map/needs-sandbox.js';
import type { PodAddresses } from './pod-addresses.js';
import type { PodRegistry } from './pod-registry.js';
import { containerOf } from './pod-state.js';

/**
 * Removes what carries this cluster's labels and belongs to no Pod of the store: containers (sandboxes last: the others use their network),
 * volumes of pods, networks of namespaces without pods; with `volumes` the lasting volumes as well.
 */
export async function removeLeftovers(
  from: { engine: Engine; registry: PodRegistry; addresses: PodAddresses; slots: Slots },
  volumes: boolean,
): Promise<void> {
  const { engine, registry, addresses, slots } = from;
  const ours = await engine.listContainers();
  const left = ours.filter((c) => !registry.states.has(c.labels[ownerLabel.podUid] ?? ''));
  const isSandbox = (c: (typeof left)[number]) => containerOf(c) === sandboxContainerName;
  for (const group of [left.filter((c) => !isSandbox(c)), left.filter(isSandbox)])
    await Promise.all(group.map((c) => slots.run(() => engine.removeContainer(c.containerId))));
  for (const volume of await engine.listVolumes()) {
    const podUid = volume.labels[ownerLabel.podUid];
    if (podUid === undefined ? volumes : !registry.states.has(podUid)) await engine.removeVolume(volume.name);
  }
  const namespaces = new Set([
    ...ours.map((c) => c.labels[ownerLabel.namespace] ?? ''),
    ...addresses.namespaces(),
    ...((await engine.listNetworks?.()) ?? []),
  ]);
  for (const state of registry.states.values()) namespaces.delete(state.pod.metadata.namespace);
  namespaces.delete('');
  for (const namespace of namespaces) {
    addresses.forget(namespace);
    await engine.removeNetwork(namespace).catch((error: unknown) => {
      // A container of somebody else hangs on it, or the engine forgot that one has gone: it does no harm.
      if (!/active endpoints/.test(messageOf(error))) throw error;
    });
  }
}
