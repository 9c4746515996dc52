import type { Failure } from '../api/control-types.js';
import type { DrillOutcome, DrillRequest } from '../api/drill.js';
import { addMarks, type PodMarks } from '../api/pod-marks.js';
import type { PodSessions } from '../api/pod-sessions.js';
import type { ImagePullPolicy } from '../api/pull-override.js';
import type { ContainerUsage } from '../api/types/metrics.js';
import { isAppError, messageOf } from '../lib/app-error.js';
import type { Clock } from '../lib/clock.js';
import type { Logger } from '../lib/logger.js';
import { type QueueFigures, workQueue } from '../lib/work-queue.js';
import type { ObjectStore } from '../store/object-store.js';
import { advancePod } from './advance-pod.js';
import { drill } from './drill.js';
import { endDrills } from './end-drills.js';
import type { Engine, LogChunk } from './engine.js';
import { engineContact } from './engine-contact.js';
import { openFailures } from './failures.js';
import { freePort } from './free-port.js';
import type { KubeletContext } from './kubelet-context.js';
import { limitConcurrency } from './limit-concurrency.js';
import { lookAgain } from './look-again.js';
import { podAddresses } from './pod-addresses.js';
import { type PodLogOptions, podLogs } from './pod-logs.js';
import { podRecords } from './pod-record.js';
import { podRegistry } from './pod-registry.js';
import { podSessions } from './pod-sessions.js';
import { podUsage } from './pod-usage.js';
import { networkProber } from './probe/network-prober.js';
import type { SelfProbingEngine } from './probe/prober.js';
import { publishStatus } from './publish-status.js';
import { eventRecorder } from './record-event.js';
import { removeLeftovers } from './remove-leftovers.js';
import { sharedPulls } from './shared-pulls.js';
import { terminatePod } from './terminate-pod.js';
import { watchImages } from './watch-images.js';
import { watchPods } from './watch-pods.js';
import { watchSupporting } from './watch-supporting.js';

export interface Kubelet {
  /** Resolves when the first full list of containers is compared and their Pods are in the store. */
  readonly ready: Promise<void>;
  engineState(): { reachable: boolean; message: string };
  /** Of the passes over Pods. */
  figures(): QueueFigures;
  /** Throws NotFound for a Pod or container that is unknown or has not run yet. */
  logs(options: PodLogOptions): AsyncIterable<LogChunk>;
  readonly sessions: PodSessions;
  /** What the running containers of Pods use, by the uids of these; measured now. Throws Failed, EngineUnreachable. */
  usage(podUids: readonly string[]): Promise<ReadonlyMap<string, readonly ContainerUsage[]>>;
  /** Writes down what a Pod was given through the API, and labels and annotations that it lost (null): so it is again after a restart. */
  keepMarks(podUid: string, marks: PodMarks): void;
  /** Makes a fault happen. Throws NotFound, Conflict, EngineRefused. */
  drill(request: DrillRequest): Promise<DrillOutcome>;
  /** Of the role instance that the Pod belongs to, the newest first. */
  failures(pod: { namespace: string; name: string }): Failure[];
  /** Removes what belongs to no Pod of the store: containers, per-pod volumes, empty networks; with `volumes` also lasting volumes. */
  removeLeftovers(volumes: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs the Pods of the store on the engine. One serial worker per Pod, woken by the store's watch, the engine's events and timers, never by
 * polling. While the engine is away nothing is judged and no status changes.
 */
export function startKubelet(options: {
  engine: Engine;
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  cluster: { name: string; id: string };
  stateDir: string;
  /** Called when contact with the engine was made or lost; `engineState` says which. */
  onContact?: () => void;
  /** The pull policy of all containers, whatever they say; absent: their own. */
  pullOverride?: () => ImagePullPolicy | undefined;
}): Kubelet {
  const { engine, store, clock, logger, cluster, stateDir } = options;
  const closing = new AbortController();
  const records = podRecords(stateDir, (error) =>
    logger.warn({ error: messageOf(error) }, 'the record of a pod could not be written'),
  );
  const failures = openFailures(stateDir, (error) =>
    logger.warn({ error: messageOf(error) }, 'a failure could not be kept'),
  );
  const registry = podRegistry({ store, records, logger });
  const addresses = podAddresses(engine, registry);
  const slots = limitConcurrency();
  const { states } = registry;

  const pass = async (podUid: string) => {
    const state = states.get(podUid);
    if (!state || !contact.reachable()) return undefined;
    const heldUntilMs = await lookAgain(context, state);
    if (state.gone || state.pod.metadata.deletionTimestamp) {
      await terminatePod(context, state);
      return undefined;
    }
    if (!state.pod.spec.nodeName) return undefined;
    const endMs = await endDrills(context, state);
    const dueMs = Math.min(
      ...[await advancePod(context, state), heldUntilMs, endMs].map((ms) => ms ?? Number.POSITIVE_INFINITY),
    );
    context.publish(state);
    return Number.isFinite(dueMs) ? { againAfterMs: Math.max(1, dueMs - clock.now()) } : undefined;
  };
  const queue = workQueue({
    clock,
    run: pass,
    concurrency: Number.POSITIVE_INFINITY,
    onError: (podUid, error, retryInMs) => {
      if (isAppError(error, 'EngineUnreachable')) return;
      const pod = states.get(podUid)?.pod.metadata.name;
      logger.warn({ pod, error: messageOf(error), retryInMs }, 'a pass over a pod failed');
    },
  });
  const wake = (podUid: string) => queue.add(podUid);
  const claim = () => {
    for (const state of registry.claim()) {
      // At once: whoever looks next must not take an adopted Pod for a new one.
      context.publish(state);
      wake(state.uid);
    }
  };
  const contact = engineContact({
    engine,
    clock,
    logger,
    stateDir,
    registry,
    failures,
    wake,
    signal: closing.signal,
    onContact: () => options.onContact?.(),
    onCompared(info) {
      slots.setLimit(info.concurrency);
      addresses.forgetNetworks();
      for (const pod of store.list('pods').items) registry.take(pod);
      claim();
    },
  });
  const context: KubeletContext = {
    engine,
    store,
    clock,
    logger,
    cluster,
    records,
    failures,
    registry,
    addresses,
    slots,
    recordEvent: eventRecorder(store, clock),
    prober: 'probe' in engine ? (engine as SelfProbingEngine).probe : networkProber(engine),
    pull: sharedPulls(engine, clock, closing.signal),
    pullOverride: () => options.pullOverride?.(),
    info: contact.info,
    reachable: contact.reachable,
    wake,
    publish(state) {
      if (contact.reachable()) publishStatus({ store, clock, records }, state);
    },
    pickPort: () => {
      const { hostReachesPods, kind } = contact.info();
      return hostReachesPods && kind !== 'simulated' ? freePort() : undefined;
    },
  };

  const podWatch = watchPods({ store, engine, registry, wake });
  const supportingWatch = watchSupporting({ store, registry, wake });
  watchImages({ engine, registry, wake, signal: closing.signal });
  const servingWatch = store.watch('modelservings', ({ type, object }) => {
    if (type === 'ADDED') claim();
    if (type === 'DELETED') failures.drop(object.metadata.namespace, object.metadata.name);
  });
  const namespaceWatch = store.watch('namespaces', ({ type, object: { metadata } }) => {
    if (type !== 'DELETED') return;
    addresses.forget(metadata.name);
    // One that cannot go now is a leftover, which the next look for those removes.
    engine.removeNetwork(metadata.name).catch(() => {});
  });
  for (const pod of store.list('pods').items) registry.take(pod);

  return {
    ready: contact.ready,
    engineState: () => ({ reachable: contact.reachable(), message: contact.message() }),
    figures: () => queue.figures(),
    failures(at) {
      const pod = store.get('pods', at.namespace, at.name);
      return pod ? failures.of(pod) : failures.named(at.namespace, at.name);
    },
    usage: podUsage({ engine, registry }),
    sessions: podSessions({ engine, registry, info: contact.info }),
    drill: (request) => drill(context, request),
    keepMarks(podUid, marks) {
      const state = states.get(podUid);
      if (!state) return;
      state.record.marks = addMarks(state.record.marks, marks);
      records.write(podUid, state.record);
    },
    logs: (wanted) => podLogs({ engine, registry, records, failures }, wanted),
    removeLeftovers: (volumes) => removeLeftovers({ engine, registry, addresses, slots }, volumes),
    async close() {
      closing.abort();
      podWatch.close();
      supportingWatch.close();
      servingWatch.close();
      namespaceWatch.close();
      for (const state of states.values()) {
        state.aborter.abort();
        for (const probes of state.probes.values()) probes.stop();
      }
      contact.close();
      await queue.close();
    },
  };
}
