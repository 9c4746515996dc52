import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownerLabel } from '../api/labels.js';
import type { Pod } from '../api/types/resources.js';
import { AppError, messageOf } from '../lib/app-error.js';
import type { Clock } from '../lib/clock.js';
import type { Logger } from '../lib/logger.js';
import type { ContainerDetails, Engine, EngineEvent, EngineInfo } from './engine.js';
import { engineRestarted } from './engine-restarted.js';
import type { Failures } from './failures.js';
import { carrierName, sandboxContainerName } from './map/needs-sandbox.js';
import type { PodRegistry } from './pod-registry.js';
import { isRunning, latestOf, type PodState } from './pod-state.js';

export interface EngineContact {
  /** Resolves when the first full list is compared. */
  readonly ready: Promise<void>;
  /** True while the engine answers and a full list has been compared since it last did not. */
  reachable(): boolean;
  /** Why it does not answer; '' while it does. */
  message(): string;
  /** Throws EngineUnreachable before the first contact. */
  info(): EngineInfo;
  close(): void;
}

/** Keeps contact with the engine: a full comparison after every (re)connect, single events in between. */
export function engineContact(options: {
  engine: Engine;
  clock: Clock;
  logger: Logger;
  stateDir: string;
  registry: PodRegistry;
  failures: Failures;
  /** A full list was accepted into the registry. */
  onCompared(info: EngineInfo): void;
  /** Contact was made or lost. */
  onContact(): void;
  wake(podUid: string): void;
  signal: AbortSignal;
}): EngineContact {
  const { engine, clock, logger, stateDir, registry, failures, onCompared, onContact, wake, signal } =
    options;
  const { states } = registry;
  const markPath = join(stateDir, 'engine-start');
  let info: EngineInfo | undefined;
  let reachable = false;
  let lostAtMs: number | undefined;
  let message = 'the engine has not answered yet';
  let becomeReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });

  const compare = async () => {
    const now = await engine.info();
    if (info && info.engineId !== now.engineId) throw otherEngine(info, now);
    const listed = await engine.listContainers();
    const [carriers, others] = [listed.filter(isCarrier), listed.filter((each) => !isCarrier(each))];
    // Before the first list nobody fills volumes: these are left from a daemon that was killed while it did.
    if (!info) await Promise.all(carriers.map((each) => engine.removeContainer(each.containerId)));
    info = now;
    const all = await inspectAll(
      engine,
      others.map((each) => each.containerId),
    );
    const believed = new Set(
      [...states.values()].flatMap((s) =>
        [...s.containers.values()].filter(isRunning).map((c) => c.containerId),
      ),
    );
    const restarted = engineRestarted({
      containers: all,
      markBefore: readMark(markPath),
      markNow: info.startMark,
      lostAtMs,
    });
    registry.accept(all);
    message = '';
    reachable = true;
    onCompared(info);
    // What was known to be dead before contact was lost did not die of the restart.
    if (restarted) startAgain(states.values(), (id) => lostAtMs === undefined || believed.has(id));
    if (info.startMark !== undefined) writeMark(markPath, info.startMark, logger);
    lostAtMs = undefined;
    for (const uid of states.keys()) wake(uid);
    onContact();
    becomeReady();
  };
  const compareUntilDone = (): Promise<void> =>
    compare().catch((error: unknown) => {
      logger.warn({ error: messageOf(error) }, 'the containers could not be listed');
      if (!reachable) message = messageOf(error);
      onContact();
      if (!signal.aborted) clock.after(1000, () => void compareUntilDone());
    });

  let comparing = Promise.resolve();
  engine.watch((event) => {
    if (event.type === 'connected') comparing = comparing.then(compareUntilDone);
    else if (event.type === 'disconnected') {
      if (reachable) lostAtMs = clock.now();
      reachable = false;
      message = event.reason;
      onContact();
    } else {
      if (event.type === 'oom') failures.markOutOfMemory(podOf(event.labels), event.containerId);
      noteEvent(registry, event, clock.now(), wake);
    }
  }, signal);

  return {
    ready,
    reachable: () => reachable,
    message: () => message,
    info() {
      if (!info) throw new AppError('EngineUnreachable', message);
      return info;
    },
    close() {
      reachable = false;
    },
  };
}

const isCarrier = ({ labels }: { labels: Record<string, string> }): boolean =>
  labels[ownerLabel.container] === carrierName;

/** Our containers are not gone: they are at the engine that was there before. */
const otherEngine = (before: EngineInfo, now: EngineInfo): AppError =>
  new AppError('EngineChanged', `another engine answers (${now.engineId}) than before (${before.engineId})`, {
    hint: 'start the engine that was there before, or stop this daemon',
  });

/** As much of the Pod as its containers show. */
const podOf = (labels: Record<string, string>): Pick<Pod, 'metadata'> => ({
  metadata: {
    name: labels[ownerLabel.podName] ?? '',
    namespace: labels[ownerLabel.namespace] ?? '',
    labels,
  },
});

function noteEvent(
  registry: PodRegistry,
  event: Exclude<EngineEvent, { type: 'connected' | 'disconnected' }>,
  nowMs: number,
  wake: (podUid: string) => void,
): void {
  const podUid = event.labels[ownerLabel.podUid] ?? '';
  const state = registry.states.get(podUid);
  if (!state) {
    if (event.type === 'removed') registry.dropUnclaimed(podUid, event.containerId);
    return;
  }
  if (event.type === 'oom') noteOutOfMemory(state, event.containerId);
  const known = state.containers.get(event.containerId);
  if (event.type === 'started' && known && isRunning(known)) return;
  if (event.type === 'removed' && !known) return;
  if (event.type === 'died' && known && isRunning(known)) state.deaths.set(event.containerId, nowMs);
  if (event.type === 'died') state.endings.get(event.containerId)?.();
  state.stale.add(event.containerId);
  wake(podUid);
}

/** The engine may tell the cause of a death after the death itself. */
function noteOutOfMemory(state: PodState, containerId: string): void {
  state.oomKilled.add(containerId);
  for (const [name, last] of state.lastState) {
    if (last.containerID !== `docker://${containerId}`) continue;
    state.lastState.set(name, { ...last, reason: 'OOMKilled' });
    state.record.lastState = Object.fromEntries(state.lastState);
  }
}

/** Marks what an engine restart took along, so that it is started as it is and not counted as failed. */
function startAgain(states: Iterable<PodState>, diedOfIt: (containerId: string) => boolean): void {
  for (const state of states) {
    if (state.pod.spec.restartPolicy === 'Never') continue;
    for (const name of [sandboxContainerName, ...state.pod.spec.containers.map((c) => c.name)]) {
      const latest = latestOf(state, name);
      const waitsForRestart = state.waiting.has(name);
      if (latest?.state === 'exited' && !waitsForRestart && diedOfIt(latest.containerId))
        state.startInPlace.add(latest.containerId);
    }
  }
}

async function inspectAll(engine: Engine, ids: readonly string[]): Promise<ContainerDetails[]> {
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
}

function readMark(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
function writeMark(path: string, mark: string, logger: Logger): void {
  try {
    writeFileSync(path, mark, { mode: 0o600 });
  } catch (error) {
    logger.warn({ error: messageOf(error) }, 'the mark of the engine’s start could not be written');
  }
}
