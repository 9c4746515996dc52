import { label } from '../api/labels.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { Pod, Service, Stage } from '../api/types/resources.js';
import { apply } from '../core/apply.js';
import { factsOf } from '../core/change-of.js';
import { desiredFrom } from '../core/desired-from.js';
import { plan } from '../core/plan/plan.js';
import { simulate } from '../core/simulate.js';
import { modelServingStatus } from '../core/status.js';
import type { Desired, Plan, Rules } from '../core/types.js';
import { isAppError, messageOf } from '../lib/app-error.js';
import type { Clock } from '../lib/clock.js';
import type { Logger } from '../lib/logger.js';
import { secondsText } from '../lib/time-text.js';
import { type QueueFigures, type Verdict, workQueue } from '../lib/work-queue.js';
import { engineIsAway } from '../store/engine-is-away.js';
import type { ObjectStore } from '../store/object-store.js';
import { eventRecorder } from '../store/record-event.js';
import type { Records } from '../store/records.js';
import { carryOut } from './carry-out.js';
import { followOperation } from './follow-operation.js';
import { forgetModelServing } from './forget-model-serving.js';
import { invalidSpec } from './invalid-spec.js';
import { lostPods } from './lost-pods.js';
import { project } from './project.js';
import { recordFrom } from './record-from.js';
import { podsOf, snapshot } from './snapshot.js';
import { dropOldRevisions, storeRevision } from './store-revision.js';
import { eventTeller } from './tell-events.js';

export interface Controller {
  /** The stages that a spec would cause, from what is there now. Nothing is done. */
  simulate(candidate: ModelServing): Stage[];
  figures(): QueueFigures;
  /** Resolves when no pass runs or is due. For tests. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** How long a state directory that cannot be written is left alone before the next try. */
const unwritableRetryMs = 5_000;

/**
 * Reconciles ModelServings with Pods and Services, all through the store. A pass is level-based: snapshot, plan, then record, status and
 * events of the state with the plan applied, and only then the plan's actions. While the engine is away (Node Ready=Unknown) there is no pass.
 */
export function startController(options: {
  store: ObjectStore;
  clock: Clock;
  records: Records;
  logger: Logger;
  rules: Rules;
}): Controller {
  const { store, clock, records, logger, rules } = options;
  const recordEvent = eventRecorder(store, clock, 'modelserving-controller');
  /** What this process remembers of each ModelServing between its passes. */
  const memories = new Map<
    string,
    { teller: ReturnType<typeof eventTeller>; lost: ReturnType<typeof lostPods> }
  >();
  const memoryOf = ({ namespace, name }: ModelServing['metadata']) => {
    const key = `${namespace}/${name}`;
    const memory = memories.get(key) ?? { teller: eventTeller(recordEvent), lost: lostPods(name) };
    memories.set(key, memory);
    return memory;
  };

  const observe = (modelServing: ModelServing, nowMs: number) => {
    const { namespace, name } = modelServing.metadata;
    const record = records.get(namespace, name);
    const lost = memoryOf(modelServing.metadata).lost.all();
    const seen = snapshot({ store, modelServing, record, lost, nowMs });
    return { record, ...seen };
  };

  const pass = (key: string): Verdict => {
    const [namespace = '', name = ''] = key.split('/');
    const modelServing = store.get('modelservings', namespace, name);
    if (!modelServing) {
      memories.delete(key);
      return undefined;
    }
    if (engineIsAway(store)) return undefined;
    const nowMs = clock.now();
    const nowIso = new Date(nowMs).toISOString();
    const desired = desiredFrom(modelServing, rules);
    const { teller, lost } = memoryOf(modelServing.metadata);
    lost.look(podsOf(store, modelServing), records.get(namespace, name));
    const { record, observed, baselines } = observe(modelServing, nowMs);
    if (desired.deleting && observed.groups.length === 0) {
      const gone: Plan = { actions: [], holds: [] };
      followOperation({
        store,
        desired,
        before: record?.operation,
        observed,
        applied: observed,
        plan: gone,
        nowIso,
      });
      forgetModelServing(store, records, desired);
      return undefined;
    }
    const next = plan(desired, observed, nowMs);
    const applied = apply(desired, observed, next, nowMs);
    const unwritable = persist(() => {
      if (!desired.deleting) storeRevision({ store, records, clock }, desired);
      records.write(recordFrom(modelServing, desired, applied, baselines));
    });
    const holds = unwritable ? [{ subject: '', ...unwritable }, ...next.holds] : next.holds;
    const told: Plan = unwritable ? { actions: [], holds } : next;
    const state = unwritable ? observed : applied;
    project(store, desired, state, holds, (role) => teller.rolePhase(modelServing, role));
    followOperation({
      store,
      desired,
      before: record?.operation,
      observed,
      applied: state,
      plan: told,
      nowIso,
    });
    writeStatus(modelServing, desired, state, secondsText(nowMs));
    const lastingMs = teller.decisions(modelServing, told, nowMs);
    if (unwritable) return { againAfterMs: unwritableRetryMs };
    carryOut(store, desired, applied, next.actions);
    lost.forget(next.actions);
    dropOldRevisions(store, records, desired, applied);
    const waits = [lastingMs, next.recheckAfterMs].filter((ms) => ms !== undefined);
    return waits.length > 0 ? { againAfterMs: Math.min(...waits) } : undefined;
  };

  const writeStatus = (
    modelServing: ModelServing,
    desired: Desired,
    state: ReturnType<typeof apply>,
    nowIso: string,
  ) => {
    const status = modelServingStatus({
      desired,
      observed: state,
      previous: modelServing.status,
      nowIso,
      invalid: invalidSpec(modelServing),
    });
    store.updateStatus('modelservings', { ...modelServing.metadata, uid: desired.uid }, status);
  };

  const queue = workQueue({
    clock,
    run: pass,
    onError: (key, error, retryInMs) =>
      logger.error({ modelServing: key, error: messageOf(error), retryInMs }, 'a pass failed'),
  });
  const addOwner = ({ metadata }: Pod | Service) => {
    const owner = metadata.labels?.[label.modelServing];
    if (owner) queue.add(`${metadata.namespace}/${owner}`);
  };
  const addAll = () => {
    for (const { metadata } of store.list('modelservings').items)
      queue.add(`${metadata.namespace}/${metadata.name}`);
  };
  const watches = [
    store.watch('modelservings', ({ object }) =>
      queue.add(`${object.metadata.namespace}/${object.metadata.name}`),
    ),
    store.watch('pods', ({ object }) => addOwner(object)),
    store.watch('services', ({ object }) => addOwner(object)),
    store.watch('nodes', addAll),
  ];
  addAll();

  return {
    simulate(candidate) {
      const { namespace, name } = candidate.metadata;
      const stored = store.get('modelservings', namespace, name);
      const desired = desiredFrom(candidate, rules);
      const nowMs = clock.now();
      const { observed } = observe(stored ?? candidate, nowMs);
      return simulate(desired, observed, nowMs, stored && factsOf(desiredFrom(stored, rules)));
    },
    figures: () => queue.figures(),
    idle: () => queue.idle(),
    async close() {
      for (const watch of watches) watch.close();
      await queue.close();
    },
  };
}

/** Runs the writes that everything later relies on; says why when they fail for want of room or rights. */
function persist(run: () => void): { reason: string; message: string } | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (!isAppError(error, 'StateNotWritable')) throw error;
    return {
      reason: 'StateNotWritable',
      message: `nothing is done until it can be written down: ${error.message}`,
    };
  }
}
