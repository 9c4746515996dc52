import { nodeGpus } from '../api/node-gpus.js';
import { nodeName } from '../store/engine-is-away.js';
import { asTold } from './as-told.js';
import type { ContainerDetails } from './engine.js';
import { entryAddress } from './entry-address.js';
import { withField } from './field-of-refusal.js';
import type { KubeletContext } from './kubelet-context.js';
import { hideSecrets } from './map/hide-secrets.js';
import type { PodSurroundings } from './map/pod-surroundings.js';
import type { ReferredObjects } from './map/referred-objects.js';
import type { PodState } from './pod-state.js';

/** One look at one Pod: what its steps share. */
export interface PodPass {
  readonly context: KubeletContext;
  readonly state: PodState;
  readonly podIp: string;
  /** It needs the address of its entry pod, which has none yet. */
  readonly lacksEntry: boolean;
  around(): PodSurroundings;
  /** Asks for another pass at that time at the latest. */
  again(atMs: number): void;
  dueMs(): number | undefined;
  /** Asks the engine about a container and keeps the answer. */
  remember(containerId: string): Promise<ContainerDetails | undefined>;
  /** Notes a failed try of `key`; the container waits with the reason, and the next try is due later each time: 10 s, 20 s … 5 min. */
  failed(key: string, container: string, reason: string, message: string): void;
  /** True while an earlier failure of this thing still keeps it from being tried. */
  heldBack(key: string, container: string, shownAs?: string): boolean;
}

/** Finds or assigns the Pod's address and shows the Pod as begun. Throws EngineUnreachable. */
export async function beginPodPass(context: KubeletContext, state: PodState): Promise<PodPass> {
  const { engine, clock } = context;
  const { podIp, hostIp } = await context.addresses.of(state);
  const entry = entryAddress(context.store, state.pod, hostIp);
  const { namespace } = state.pod.metadata;
  const objects: ReferredObjects = {
    configMap: (name) => context.store.get('configmaps', namespace, name),
    secret: (name) => context.store.get('secrets', namespace, name),
    claim: (name) => context.store.get('persistentvolumeclaims', namespace, name),
  };
  context.publish(state);
  let dueMs: number | undefined;
  const again = (atMs: number) => {
    dueMs = Math.min(dueMs ?? atMs, atMs);
  };
  return {
    context,
    state,
    podIp,
    lacksEntry: entry === 'unknown',
    around: () => ({
      cluster: context.cluster,
      podIp,
      hostIp,
      hostReachesPods: context.info().hostReachesPods,
      cpus: context.info().cpus,
      memoryBytes: context.info().memoryBytes,
      objects,
      gpus: nodeGpus(context.store.get('nodes', '', nodeName)),
      ...(context.info().runtimes && { runtimes: context.info().runtimes ?? [] }),
      ...(typeof entry === 'object' && { entry }),
      hostPorts: state.record.ports,
    }),
    again,
    dueMs: () => dueMs,
    async remember(containerId) {
      const inspected = await engine.inspectContainer(containerId);
      const details = inspected && {
        ...asTold(state.record, inspected),
        error: hideSecrets(inspected.error, state.pod.spec, objects),
      };
      state.deaths.delete(containerId);
      if (!details) {
        state.containers.delete(containerId);
        return undefined;
      }
      state.containers.set(containerId, details);
      for (const port of details.ports)
        if (port.hostPort > 0) state.record.ports[`${port.containerPort}/${port.protocol}`] = port.hostPort;
      return details;
    },
    failed(key, container, reason, said) {
      const words = hideSecrets(said, state.pod.spec, objects);
      const message = /^(RunContainer|CreateContainer)Error$/.test(reason)
        ? withField(words, container)
        : words;
      const count = (state.failures.get(key)?.count ?? 0) + 1;
      const nextAtMs = clock.now() + Math.min(300_000, 10_000 * 2 ** Math.min(count - 1, 10));
      state.failures.set(key, { count, nextAtMs, reason, message });
      state.waiting.set(container, { reason, message });
      context.recordEvent(state.pod, 'Warning', reason === 'FailedMount' ? reason : 'Failed', message);
      again(nextAtMs);
      context.publish(state);
    },
    heldBack(key, container, shownAs) {
      const before = state.failures.get(key);
      if (!before || clock.now() >= before.nextAtMs) return false;
      state.waiting.set(container, { reason: shownAs ?? before.reason, message: before.message });
      again(before.nextAtMs);
      return true;
    },
  };
}
