import { type DrillOutcome, type DrillRequest, defaultDrillMs } from '../api/drill.js';
import { AppError } from '../lib/app-error.js';
import { humanDuration } from '../lib/human-duration.js';
import { eventRecorder } from '../store/record-event.js';
import { findContainer } from './find-container.js';
import type { KubeletContext } from './kubelet-context.js';
import { isRunning, type PodState } from './pod-state.js';

/**
 * Makes a fault happen to one container of a Pod of ours, and says so as an event of the Pod and of its ModelServing, before it happens.
 * What follows is the rules' doing. Throws NotFound, Conflict for a container that does not run, EngineRefused for what the engine cannot.
 */
export async function drill(context: KubeletContext, request: DrillRequest): Promise<DrillOutcome> {
  const { state, name, latest } = findContainer(context.registry, request);
  if (!latest || !isRunning(latest) || state.pod.metadata.deletionTimestamp) {
    throw new AppError(
      'Conflict',
      `container ${name} of ${request.pod} does not run: there is nothing to break`,
      {
        hint: 'minithena get pods',
      },
    );
  }
  const untilMs = context.clock.now() + (request.forMs ?? defaultDrillMs);
  const message = [words(request, name, untilMs - context.clock.now()), request.note]
    .filter(Boolean)
    .join('; ');
  const outcome = { reason: `Chaos${request.kind[0]?.toUpperCase()}${request.kind.slice(1)}`, message };
  const run = prepare(context, state, { name, containerId: latest.containerId }, request, untilMs);
  tell(context, state, outcome);
  await run();
  context.records.write(state.uid, state.record);
  context.publish(state);
  context.wake(state.uid);
  return outcome;
}

const words = ({ kind, code = 1 }: DrillRequest, container: string, forMs: number): string =>
  ({
    kill: `container ${container} is killed by a drill`,
    stop: `container ${container} is stopped from outside by a drill`,
    pause: `container ${container} is frozen for ${humanDuration(forMs)} by a drill`,
    oom: `container ${container} is made to run out of memory by a drill`,
    unready: `the pod counts as not ready for ${humanDuration(forMs)}, by a drill`,
    exit: `container ${container} is ended by a drill, as if with exit code ${code}`,
  })[kind];

/** What is to be done; what cannot be is found before anything is told. */
function prepare(
  { engine, records }: KubeletContext,
  { pod, record, uid, containers }: PodState,
  { name, containerId }: { name: string; containerId: string },
  { kind, code = 1 }: DrillRequest,
  untilMs: number,
): () => Promise<void> {
  const frozen = [...containers.values()].find(
    (each) => each.containerId === record.paused?.containerId && isRunning(each),
  );
  switch (kind) {
    case 'kill':
      return () => engine.killContainer(containerId);
    case 'stop':
      return () => engine.stopContainer(containerId, pod.spec.terminationGracePeriodSeconds ?? 30);
    case 'exit':
      return async () => {
        // No engine can make a process exit with a code: it is killed, and its end is told as that.
        record.toldExits = { ...record.toldExits, [containerId]: code };
        records.write(uid, record);
        await engine.killContainer(containerId);
      };
    case 'unready':
      return async () => {
        record.unreadyUntilMs = untilMs;
      };
    case 'pause': {
      const { pauseContainer } = engine;
      if (!pauseContainer) throw cannot(kind);
      if (frozen && frozen.containerId !== containerId) {
        const message = `another container of ${pod.metadata.name} is frozen by a drill: one at a time`;
        throw new AppError('Conflict', message, { hint: untilWhen(record.paused) });
      }
      return async () => {
        // Written down first: a daemon that is killed now lets it go on all the same.
        record.paused = { containerId, untilMs };
        records.write(uid, record);
        if (!frozen) await pauseContainer(containerId);
      };
    }
    case 'oom': {
      const { exhaustMemory } = engine;
      if (!exhaustMemory) throw cannot(kind);
      if (frozen?.containerId === containerId) {
        const message = `container ${name} of ${pod.metadata.name} is frozen by a drill: no program runs in it`;
        throw new AppError('Conflict', message, { hint: untilWhen(record.paused) });
      }
      return () => exhaustMemory(containerId);
    }
  }
}

const untilWhen = (paused: { untilMs: number } | undefined): string =>
  `it goes on at ${new Date(paused?.untilMs ?? 0).toISOString()}`;

const cannot = (kind: string): AppError =>
  new AppError('EngineRefused', `this engine knows no ${kind}`, { hint: 'minithena chaos kill' });

function tell(
  { store, clock, recordEvent }: KubeletContext,
  { pod }: PodState,
  { reason, message }: DrillOutcome,
): void {
  recordEvent(pod, 'Warning', reason, message);
  const owner = pod.metadata.ownerReferences?.find(({ kind }) => kind === 'ModelServing');
  if (!owner) return;
  const { apiVersion, kind, name, uid } = owner;
  const about = { apiVersion, kind, namespace: pod.metadata.namespace, name, uid };
  eventRecorder(store, clock, 'chaos')(about, 'Warning', reason, `${pod.metadata.name}: ${message}`);
}
