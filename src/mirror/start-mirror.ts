import type { PlannedServing, PlanRequest } from '../api/control-types.js';
import { label } from '../api/labels.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { AnyResource, ResourceName, Resources, Stage } from '../api/types/resources.js';
import { followOperation } from '../controller/follow-operation.js';
import { planEdit } from '../controller/plan-edit.js';
import { project } from '../controller/project.js';
import { snapshot } from '../controller/snapshot.js';
import { factsOf, type SpecFacts } from '../core/change-of.js';
import { plan } from '../core/plan/plan.js';
import { simulate } from '../core/simulate.js';
import { stageRow } from '../core/stage-row.js';
import type { Observed } from '../core/types.js';
import { AppError } from '../lib/app-error.js';
import type { Clock } from '../lib/clock.js';
import { createObjectStore } from '../store/create-object-store.js';
import type { ObjectStore } from '../store/object-store.js';
import { desiredElsewhere, editedElsewhere, observeElsewhere } from './observe-elsewhere.js';

/** What a cluster without our controller does not have, made here of its ModelServings and Pods. */
export type Mirrored = 'servinggroups' | 'roles' | 'scalingoperations';

type Told<K extends ResourceName> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: Resources[K] }
  | { readonly type: 'SYNCED' }
  | { readonly type: 'DISCONNECTED'; readonly message: string; readonly error?: unknown };

/** Lists first, then tells every change, as the client's watch does. */
export type Watch = <K extends ResourceName>(
  resource: K,
  options: object,
  onChange: (change: Told<K>) => void,
  signal: AbortSignal,
) => Promise<void>;

export interface Mirror {
  /** Holds what is mirrored, once `synced` resolves. */
  readonly store: ObjectStore;
  /** The stages that an edit would cause by kthena's own rules. Throws SpecInvalid, NotFound. */
  plan(request: PlanRequest): PlannedServing[];
  /** Rejects with DaemonUnreachable when the cluster does not answer, Forbidden when it does not tell us. */
  synced(): Promise<void>;
  close(): void;
}

const nothing: Observed = { groups: [], revisions: {}, currentRevision: '', backOff: {} };

/** Follows the ModelServings and their Pods, of one namespace or all, and keeps the groups, roles and stages that follow from them. */
export function startMirror(watch: Watch, clock: Clock, namespace?: string): Mirror {
  const store = createObjectStore({ clock });
  const done = new AbortController();
  const before = new Map<string, { observed: Observed; generation: number; facts: SpecFacts }>();
  const waiting = new Set<ResourceName>(['modelservings', 'pods']);
  let tellSynced: { resolve(): void; reject(error: unknown): void };
  const synced = new Promise<void>((resolve, reject) => {
    tellSynced = { resolve, reject };
  });
  // Whoever asks later is told all the same.
  synced.catch(() => {});

  const dirty = new Set<string>();
  let isPlanned = false;
  const lookSoon = (namespace: string, name: string | undefined) => {
    if (name === undefined) return;
    dirty.add(`${namespace}/${name}`);
    if (isPlanned || waiting.size > 0) return;
    isPlanned = true;
    setImmediate(lookAtAll);
  };
  const lookAtAll = () => {
    isPlanned = false;
    for (const key of [...dirty]) {
      dirty.delete(key);
      const [namespace = '', name = ''] = key.split('/');
      const serving = store.get('modelservings', namespace, name);
      if (serving) look(key, serving);
    }
  };
  const look = (key: string, serving: ModelServing, isGone = false) => {
    const { generation, deletionTimestamp } = serving.metadata;
    // Until the other controller has seen a spec, its status is about the one before.
    if (serving.status?.observedGeneration !== generation && !deletionTimestamp && !isGone) return;
    const desired = { ...desiredElsewhere(serving), ...(isGone && { deleting: true }) };
    const last = before.get(key);
    const nowMs = clock.now();
    const found = snapshot({ store, modelServing: serving, record: undefined, lost: new Map(), nowMs });
    const observed = observeElsewhere(desired, found.observed, last?.observed, nowMs);
    const { holds } = plan(desired, observed, nowMs);
    const facts = factsOf(desired);
    const { availableReplicas, replicas } = serving.status ?? {};
    const isSettled = availableReplicas === desired.replicas && replicas === desired.replicas;
    project(store, desired, observed, holds);
    const row = stageRow(desired, observed);
    const isDone = row.length === desired.replicas && row.every((cell) => cell === '✅');
    // The other controller has not begun with anything, or not with the next step: no stage says so.
    if (!isDone && !row.includes('⏳') && !desired.deleting) {
      if (last) before.set(key, { ...last, observed });
      return;
    }
    followOperation({
      store,
      desired,
      before: last ?? (isSettled ? { generation: desired.generation, facts } : undefined),
      observed: last?.observed ?? observed,
      applied: observed,
      plan: { actions: [], holds },
      nowIso: new Date(nowMs).toISOString(),
    });
    before.set(key, { observed, generation: desired.generation, facts });
  };

  const simulated = (candidate: ModelServing): Stage[] => {
    const { namespace, name } = candidate.metadata;
    const last = before.get(`${namespace}/${name}`);
    const stored = store.get('modelservings', namespace, name);
    return simulate(editedElsewhere(candidate, stored), last?.observed ?? nothing, clock.now(), last?.facts);
  };

  const take = <K extends 'modelservings' | 'pods'>(
    resource: K,
    type: 'ADDED' | 'MODIFIED' | 'DELETED',
    { metadata, ...rest }: AnyResource,
  ) => {
    const { namespace, name } = metadata;
    const { resourceVersion: _version, ...own } = metadata;
    const object = { ...rest, metadata: own } as never;
    const known = store.get(resource, namespace, name);
    if (known && (type === 'DELETED' || known.metadata.uid !== metadata.uid))
      store.remove(resource, { namespace, name });
    if (type === 'DELETED') {
      if (known && resource === 'modelservings') forget(known as ModelServing);
    } else if (store.get(resource, namespace, name)) store.update(resource, object);
    else store.create(resource, object);
    lookSoon(namespace, resource === 'modelservings' ? name : metadata.labels?.[label.modelServing]);
  };
  const forget = (serving: ModelServing) => {
    const key = `${serving.metadata.namespace}/${serving.metadata.name}`;
    look(key, serving, true);
    before.delete(key);
  };

  for (const resource of ['modelservings', 'pods'] as const)
    watch(
      resource,
      {
        ...(namespace !== undefined && { namespace }),
        // A cluster has many others.
        ...(resource === 'pods' && { labelSelector: label.modelServing }),
      },
      (change) => {
        if (change.type === 'SYNCED') {
          waiting.delete(resource);
          if (waiting.size > 0) return;
          lookAtAll();
          tellSynced.resolve();
        } else if (change.type === 'DISCONNECTED')
          tellSynced.reject(change.error ?? new AppError('DaemonUnreachable', change.message));
        else take(resource, change.type, change.object);
      },
      done.signal,
    ).catch((error: unknown) => tellSynced.reject(error));

  return {
    store,
    plan: (request) => planEdit(store, { simulate: simulated }, request),
    synced: () => synced,
    close: () => done.abort(),
  };
}
