import { ownerLabel } from '../api/labels.js';
import type { Pod } from '../api/types/resources.js';
import { AppError, isAppError, messageOf } from '../lib/app-error.js';
import type { Clock } from '../lib/clock.js';
import type { Logger } from '../lib/logger.js';
import { workQueue } from '../lib/work-queue.js';
import type { ObjectStore } from '../store/object-store.js';
import { advancePod } from './advance-pod.js';
import { allocateIp } from './allocate-ip.js';
import type { ContainerDetails, Engine, EngineEvent, EngineInfo, LogChunk, NetworkInfo } from './engine.js';
import { freePort } from './free-port.js';
import type { KubeletContext } from './kubelet-context.js';
import { sandboxContainerName } from './map/needs-sandbox.js';
import { podRecords } from './pod-record.js';
import { attemptOf, containerOf, isRunning, latestOf, newPodState, type PodState } from './pod-state.js';
import { podStatus, publishedPortsText } from './pod-status.js';
import { networkProber } from './probe/network-prober.js';
import type { SelfProbingEngine } from './probe/prober.js';
import { rebuildPod } from './rebuild-pod.js';
import { eventRecorder } from './record-event.js';
import { graceSecondsOf, terminatePod } from './terminate-pod.js';

export const publishedPortsAnnotation = 'minithena.dev/published-ports';

export interface PodLogOptions {
  namespace: string;
  pod: string;
  container?: string;
  follow?: boolean;
  tail?: number;
  previous?: boolean;
  timestamps?: boolean;
  sinceMs?: number;
  signal?: AbortSignal;
}

export interface Kubelet {
  /** Resolves when the first full list of containers is compared and their Pods are in the store. */
  readonly ready: Promise<void>;
  engineState(): { reachable: boolean; message: string };
  /** Throws NotFound for a Pod or container that is unknown or has not run yet. */
  logs(options: PodLogOptions): AsyncIterable<LogChunk>;
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
}): Kubelet {
  const { engine, store, clock, logger, cluster, stateDir } = options;
  const closing = new AbortController();
  const records = podRecords(stateDir, (error) =>
    logger.warn({ error: messageOf(error) }, 'the record of a pod could not be written'),
  );
  const recordEvent = eventRecorder(store, clock);
  const states = new Map<string, PodState>();
  /** Containers whose Pod is not (yet) in the store, by pod uid. */
  const unclaimed = new Map<string, Map<string, ContainerDetails>>();
  const networks = new Map<string, Promise<NetworkInfo>>();
  const lastIp = new Map<string, string>();
  const pulls = new Map<string, Promise<void>>();
  let info: EngineInfo | undefined;
  let reachable = false;
  let listed = false;
  let contactMessage = 'the engine has not answered yet';
  let becomeReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });

  let free = 1;
  const queueForSlot: (() => void)[] = [];
  const slot = async <T>(run: () => Promise<T>): Promise<T> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => queueForSlot.push(resolve));
    try {
      return await run();
    } finally {
      const next = queueForSlot.shift();
      if (next) next();
      else free++;
    }
  };

  const takenIps = (namespace: string): Set<string> => {
    const taken = new Set<string>();
    for (const state of states.values())
      if (state.pod.metadata.namespace === namespace && state.ip) taken.add(state.ip);
    for (const group of unclaimed.values()) {
      for (const c of group.values()) taken.add(c.labels[ownerLabel.podIp] ?? '');
    }
    return taken;
  };

  const context: KubeletContext = {
    engine,
    store,
    clock,
    logger,
    cluster,
    records,
    recordEvent,
    prober: 'probe' in engine ? (engine as SelfProbingEngine).probe : networkProber(engine),
    info: () => {
      if (!info) throw new AppError('EngineUnreachable', contactMessage);
      return info;
    },
    reachable: () => reachable && listed,
    wake: (podUid) => queue.add(podUid),
    slot,
    get pickPort() {
      return info?.hostReachesPods && info.kind !== 'simulated' ? freePort : undefined;
    },
    async addressFor(state) {
      const { namespace } = state.pod.metadata;
      if (state.pod.spec.hostNetwork) return { podIp: '127.0.0.1', hostIp: '127.0.0.1' };
      let network = networks.get(namespace);
      if (!network) {
        network = engine.ensureNetwork(namespace);
        networks.set(namespace, network);
        network.catch(() => networks.delete(namespace));
      }
      const known = await network;
      if (!state.ip) {
        const ip = allocateIp(known, takenIps(namespace), lastIp.get(namespace));
        if (!ip)
          throw new AppError(
            'EngineRefused',
            `network ${known.subnet} of namespace ${namespace} has no free address`,
          );
        state.ip = ip;
        lastIp.set(namespace, ip);
      }
      return { podIp: state.ip, hostIp: known.gateway };
    },
    pull(image, signal) {
      let running = pulls.get(image);
      if (!running) {
        running = engine.pullImage(image, { signal: closing.signal }).finally(() => pulls.delete(image));
        running.catch(() => {});
        pulls.set(image, running);
      }
      // The pull goes on for the other pods when one of them is deleted.
      return Promise.race([
        running,
        new Promise<never>((_resolve, reject) => {
          const give = () => reject(new AppError('ImagePull', `the pull of ${image} was given up`));
          if (signal.aborted) give();
          else signal.addEventListener('abort', give, { once: true });
        }),
      ]);
    },
    podExists: (podUid) => states.has(podUid),
    forget: (state) => {
      states.delete(state.uid);
    },
  };

  const publish = (state: PodState) => {
    const { namespace, name, uid = '' } = state.pod.metadata;
    const stored = store.get('pods', namespace, name);
    if (!stored || stored.metadata.uid !== uid) return;
    state.pod = stored;
    const ports = publishedPortsText(state);
    if (ports && stored.metadata.annotations?.[publishedPortsAnnotation] !== ports) {
      const annotations = { ...stored.metadata.annotations, [publishedPortsAnnotation]: ports };
      state.pod = store.update('pods', { ...stored, metadata: { ...stored.metadata, annotations } });
    }
    store.updateStatus(
      'pods',
      { namespace, name, uid },
      podStatus(state, { nowMs: clock.now(), hostIp: '127.0.0.1' }),
    );
    const verdicts = [...state.probes].filter(([id]) => state.containers.has(id));
    state.record.started = verdicts.filter(([, p]) => p.started()).map(([id]) => id);
    state.record.ready = verdicts.filter(([, p]) => p.ready()).map(([id]) => id);
    records.write(state.uid, state.record);
  };

  const refresh = async (state: PodState) => {
    for (const containerId of [...state.stale]) {
      const details = await engine.inspectContainer(containerId);
      state.stale.delete(containerId);
      if (details) state.containers.set(containerId, details);
      else state.containers.delete(containerId);
    }
    for (const [id, probes] of state.probes) {
      if (state.containers.has(id)) continue;
      probes.stop();
      state.probes.delete(id);
    }
  };

  const pass = async (podUid: string) => {
    const state = states.get(podUid);
    if (!state || !reachable || !listed) return undefined;
    await refresh(state);
    if (state.gone || state.pod.metadata.deletionTimestamp) {
      await terminatePod(context, state);
      return undefined;
    }
    if (!state.pod.spec.nodeName) return undefined;
    const dueMs = await advancePod(context, state);
    if (reachable) publish(state);
    return dueMs === undefined ? undefined : { againAfterMs: Math.max(1, dueMs - clock.now()) };
  };

  const queue = workQueue({
    clock,
    run: pass,
    concurrency: Number.POSITIVE_INFINITY,
    onError: (podUid, error, retryInMs) => {
      if (isAppError(error, 'EngineUnreachable')) return;
      logger.warn(
        { pod: states.get(podUid)?.pod.metadata.name, error: messageOf(error), retryInMs },
        'a pass over a pod failed',
      );
    },
  });

  const adopt = (state: PodState, containers: Iterable<ContainerDetails>) => {
    for (const details of containers) {
      state.containers.set(details.containerId, details);
      state.ip ??= details.labels[ownerLabel.podIp] || undefined;
      const name = containerOf(details);
      state.attempts.set(name, Math.max(attemptOf(details), state.attempts.get(name) ?? 0));
    }
    for (const [name, last] of Object.entries(state.record.lastState)) state.lastState.set(name, last);
  };

  const take = (pod: Pod): PodState => {
    const uid = pod.metadata.uid ?? '';
    let state = states.get(uid);
    if (!state) {
      state = newPodState(pod, records.read(uid));
      states.set(uid, state);
      const waitingOnes = unclaimed.get(uid);
      if (waitingOnes) adopt(state, waitingOnes.values());
      unclaimed.delete(uid);
    }
    return state;
  };

  /** Puts the Pods of containers whose ModelServing is in the store back there. */
  const claim = () => {
    for (const [podUid, containers] of [...unclaimed]) {
      const first = [...containers.values()][0];
      if (!first) continue;
      const namespace = first.labels[ownerLabel.namespace] ?? '';
      const owner = store
        .list('modelservings', { namespace })
        .items.find((m) => m.metadata.uid === first.labels[ownerLabel.modelServingUid]);
      const name = first.labels[ownerLabel.podName] ?? '';
      if (!owner || store.get('pods', namespace, name)) continue;
      try {
        const pod = store.create('pods', rebuildPod(store, owner, [...containers.values()]));
        const state = take(pod);
        if (reachable) publish(state);
        queue.add(podUid);
      } catch (error) {
        logger.error(
          { pod: name, error: messageOf(error) },
          'a pod could not be rebuilt from its containers',
        );
      }
    }
  };

  const inspectAll = async (ids: readonly string[]): Promise<ContainerDetails[]> => {
    const found: ContainerDetails[] = [];
    const rest = [...ids];
    const worker = async () => {
      for (let id = rest.shift(); id !== undefined; id = rest.shift()) {
        const details = await engine.inspectContainer(id);
        if (details) found.push(details);
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    return found;
  };

  let comparing = Promise.resolve();
  /** After every (re)connect: what the engine has against what we believed. */
  const compare = async () => {
    info = await engine.info();
    free = listed ? free : Math.max(1, info.concurrency);
    const all = await inspectAll((await engine.listContainers()).map((c) => c.containerId));
    // Nothing of a whole cluster survives only when the engine (or machine) itself went down: then nothing has failed.
    const engineRestarted = all.length > 0 && !all.some(isRunning);
    const seen = new Set(all.map((c) => c.containerId));
    for (const state of states.values()) {
      for (const id of [...state.containers.keys()]) if (!seen.has(id)) state.containers.delete(id);
    }
    unclaimed.clear();
    for (const details of all) {
      const podUid = details.labels[ownerLabel.podUid] ?? '';
      const state = states.get(podUid);
      if (state) adopt(state, [details]);
      else unclaimed.set(podUid, (unclaimed.get(podUid) ?? new Map()).set(details.containerId, details));
    }
    networks.clear();
    reachable = true;
    listed = true;
    contactMessage = '';
    for (const pod of store.list('pods').items) take(pod);
    claim();
    if (engineRestarted) {
      for (const state of states.values()) {
        const policy = state.pod.spec.restartPolicy ?? 'Always';
        for (const name of [sandboxContainerName, ...state.pod.spec.containers.map((c) => c.name)]) {
          const latest = latestOf(state, name);
          const waitsForRestart = state.waiting.has(name);
          if (latest?.state === 'exited' && policy !== 'Never' && !waitsForRestart)
            state.startInPlace.add(latest.containerId);
        }
      }
    }
    for (const uid of states.keys()) queue.add(uid);
    becomeReady();
  };
  const compareUntilDone = (): Promise<void> =>
    compare().catch((error: unknown) => {
      logger.warn({ error: messageOf(error) }, 'the containers could not be listed');
      if (!closing.signal.aborted) clock.after(1000, () => void compareUntilDone());
    });

  const onEngineEvent = (event: EngineEvent) => {
    if (event.type === 'connected') {
      comparing = comparing.then(compareUntilDone);
      return;
    }
    if (event.type === 'disconnected') {
      reachable = false;
      contactMessage = event.reason;
      return;
    }
    const podUid = event.labels[ownerLabel.podUid] ?? '';
    const state = states.get(podUid);
    if (!state) {
      if (event.type === 'removed') unclaimed.get(podUid)?.delete(event.containerId);
      return;
    }
    if (event.type === 'oom') state.oomKilled.add(event.containerId);
    const known = state.containers.get(event.containerId);
    if (event.type === 'started' && known && isRunning(known)) return;
    if (event.type === 'removed' && !known) return;
    state.stale.add(event.containerId);
    queue.add(podUid);
  };

  const podWatch = store.watch('pods', ({ type, object }) => {
    const uid = object.metadata.uid ?? '';
    if (type === 'DELETED') {
      const state = states.get(uid);
      if (!state) return;
      state.gone = true;
      state.aborter.abort();
      queue.add(uid);
      return;
    }
    const known = states.get(uid);
    // A late report of a Pod that is gone already must not bring it back.
    if (!known && store.get('pods', object.metadata.namespace, object.metadata.name)?.metadata.uid !== uid)
      return;
    const state = take(object);
    const graceBefore = graceSecondsOf(state);
    const specBefore = state.pod;
    state.pod = object;
    if (object.metadata.deletionTimestamp) {
      state.aborter.abort();
      for (const probes of state.probes.values()) probes.stop();
      if (state.stopping && graceSecondsOf(state) < graceBefore) {
        for (const c of [...state.containers.values()].filter(isRunning)) {
          if (containerOf(c) !== sandboxContainerName)
            engine.stopContainer(c.containerId, graceSecondsOf(state)).catch(() => {});
        }
      }
    }
    // Our own status reports come back here too; only what can change the next step wakes the worker.
    const onlyStatus =
      known !== undefined &&
      specBefore.spec === object.spec &&
      specBefore.metadata.deletionTimestamp === object.metadata.deletionTimestamp &&
      !object.spec.readinessGates;
    if (!onlyStatus) queue.add(uid);
  });
  const servingWatch = store.watch('modelservings', ({ type }) => {
    if (type === 'ADDED' && listed) claim();
  });
  for (const pod of store.list('pods').items) take(pod);
  engine.watch(onEngineEvent, closing.signal);

  async function* logs(wanted: PodLogOptions): AsyncGenerator<LogChunk> {
    const state = [...states.values()].find(
      (s) => s.pod.metadata.name === wanted.pod && s.pod.metadata.namespace === wanted.namespace,
    );
    if (!state) throw new AppError('NotFound', `pods "${wanted.pod}" not found`);
    const names = [...state.pod.spec.containers, ...(state.pod.spec.initContainers ?? [])].map((c) => c.name);
    const name =
      wanted.container ??
      state.pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'] ??
      names[0] ??
      '';
    if (!names.includes(name)) {
      throw new AppError('NotFound', `container ${name} is not valid for pod ${wanted.pod}`, {
        hint: `its containers: ${names.join(', ')}`,
      });
    }
    if (wanted.previous) {
      const kept = records.readLog(state.uid, name);
      if (!kept)
        throw new AppError(
          'NotFound',
          `previous terminated container "${name}" in pod "${wanted.pod}" not found`,
        );
      const lines = Buffer.from(kept)
        .toString('utf8')
        .split(/(?<=\n)/);
      const shown = wanted.tail === undefined ? lines : wanted.tail === 0 ? [] : lines.slice(-wanted.tail);
      yield { stream: 'stdout', data: Buffer.from(shown.join('')) };
      return;
    }
    const latest = latestOf(state, name);
    if (!latest)
      throw new AppError('NotFound', `container "${name}" in pod "${wanted.pod}" is waiting to start`);
    const { follow, tail, sinceMs, timestamps, signal } = wanted;
    yield* engine.logs(latest.containerId, {
      ...(follow === undefined ? {} : { follow }),
      ...(tail === undefined ? {} : { tail }),
      ...(sinceMs === undefined ? {} : { sinceMs }),
      ...(timestamps === undefined ? {} : { timestamps }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  return {
    ready,
    engineState: () => ({ reachable: reachable && listed, message: contactMessage }),
    logs,
    async removeLeftovers(volumes) {
      const ours = await engine.listContainers();
      const left = ours.filter((c) => !states.has(c.labels[ownerLabel.podUid] ?? ''));
      const isSandbox = (c: { labels: Record<string, string> }) => containerOf(c) === sandboxContainerName;
      for (const group of [left.filter((c) => !isSandbox(c)), left.filter(isSandbox)]) {
        await Promise.all(group.map((c) => slot(() => engine.removeContainer(c.containerId))));
      }
      for (const volume of await engine.listVolumes()) {
        const podUid = volume.labels[ownerLabel.podUid];
        if (podUid === undefined ? volumes : !states.has(podUid)) await engine.removeVolume(volume.name);
      }
      const namespaces = new Set([
        ...ours.map((c) => c.labels[ownerLabel.namespace] ?? ''),
        ...networks.keys(),
      ]);
      for (const state of states.values()) namespaces.delete(state.pod.metadata.namespace);
      for (const namespace of namespaces) {
        if (!namespace) continue;
        networks.delete(namespace);
        await engine.removeNetwork(namespace);
      }
    },
    async close() {
      closing.abort();
      podWatch.close();
      servingWatch.close();
      for (const state of states.values()) {
        state.aborter.abort();
        for (const probes of state.probes.values()) probes.stop();
      }
      reachable = false;
      await queue.close();
    },
  };
}
