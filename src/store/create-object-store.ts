import { randomUUID } from 'node:crypto';
import type { ObjectMeta } from '../api/types/object-meta.js';
import type { Pod, ResourceName } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import type { Clock } from '../lib/clock.js';
import { stableJson } from '../lib/stable-json.js';
import { secondsText } from '../lib/time-text.js';
import { changeForMatcher } from './change-for-matcher.js';
import { compareObjects, keyOf } from './object-key.js';
import { objectMatcher } from './object-matcher.js';
import type { Change, ListFilter, ObjectStore } from './object-store.js';

type Stored = { metadata: ObjectMeta; spec?: unknown; status?: unknown };
/** `previous` is the object before the change. */
type AnyChange = Change<Stored> & { resource: ResourceName; previous: Stored | undefined; length: number };

const historyLimit = 4096;
/** Of the changes' text together: objects may be as large as what a client sends. */
const historyLengthLimit = 64 * 1024 * 1024;

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/**
 * The in-memory store; the contract stands in object-store.ts. `startVersion` defaults to the clock's epoch milliseconds; `recall` tells what
 * an earlier process knew of an object that is created now.
 */
export function createObjectStore(options: {
  clock: Clock;
  startVersion?: number;
  recall?(resource: ResourceName, metadata: ObjectMeta): Partial<ObjectMeta> | undefined;
}): ObjectStore {
  const { clock } = options;
  const objects = new Map<ResourceName, Map<string, Stored>>();
  const watchers = new Set<(change: AnyChange) => void>();
  const history: AnyChange[] = [];
  let historyLength = 0;
  const firstVersion = options.startVersion ?? clock.now();
  let version = firstVersion;

  const of = (resource: ResourceName) => {
    const known = objects.get(resource) ?? new Map<string, Stored>();
    objects.set(resource, known);
    return known;
  };
  const without = (object: Stored) =>
    stableJson({ ...object, metadata: { ...object.metadata, resourceVersion: undefined } });

  const write = (type: Change<Stored>['type'], resource: ResourceName, object: Stored): Stored => {
    version += 1;
    const resourceVersion = String(version);
    const stored = deepFreeze(
      structuredClone({ ...object, metadata: { ...object.metadata, resourceVersion } }),
    );
    const key = keyOf(stored.metadata);
    const previous = of(resource).get(key);
    if (type === 'DELETED') of(resource).delete(key);
    else of(resource).set(key, stored);
    const { length } = JSON.stringify(stored);
    const change = { type, resource, object: stored, resourceVersion, previous, length };
    history.push(change);
    historyLength += length;
    while (history.length > historyLimit || (historyLength > historyLengthLimit && history.length > 1))
      historyLength -= history.shift()?.length ?? 0;
    for (const watcher of watchers) watcher(change);
    return stored;
  };

  const matcher = objectMatcher as (
    resource: ResourceName,
    filter: ListFilter,
  ) => (object: Stored) => boolean;

  /** The oldest version whose successors are all remembered. */
  const oldestVersion = () => (history[0] ? Number(history[0].resourceVersion) - 1 : firstVersion);

  /** Throws Gone for a version of an earlier process, of the future, or beyond the memory. */
  const remembered = (from: string): number => {
    const at = Number(from);
    if (at >= oldestVersion() && at <= version) return at;
    throw new AppError('Gone', `too old resource version: ${from} (${version})`, {
      hint: 'List again and watch from there.',
    });
  };

  /** The objects as they were at a version: those of now with what happened since undone. */
  const stateAt = (resource: ResourceName, at: string): ReadonlyMap<string, Stored> => {
    const wanted = remembered(at);
    const state = new Map(of(resource));
    for (const change of [...history].reverse()) {
      if (Number(change.resourceVersion) <= wanted) break;
      if (change.resource !== resource) continue;
      const key = keyOf(change.object.metadata);
      if (change.previous) state.set(key, change.previous);
      else state.delete(key);
    }
    return state;
  };

  const same = (at: { namespace: string; name: string; uid?: string }, resource: ResourceName) => {
    const found = of(resource).get(keyOf(at));
    return found && (at.uid === undefined || at.uid === found.metadata.uid) ? found : undefined;
  };

  const store = {
    version: () => String(version),
    get: (resource: ResourceName, namespace: string, name: string) =>
      of(resource).get(keyOf({ namespace, name })),
    list(resource: ResourceName, filter: ListFilter & { at?: string } = {}) {
      const isMeant = matcher(resource, filter);
      const listed = filter.at === undefined ? of(resource) : stateAt(resource, filter.at);
      const items = [...listed.values()].filter(isMeant).sort(compareObjects);
      return { items, resourceVersion: filter.at ?? String(version) };
    },
    create(resource: ResourceName, object: Stored) {
      const { metadata } = object;
      if (of(resource).has(keyOf(metadata)))
        throw new AppError('AlreadyExists', `${resource} "${metadata.name}" already exists`);
      const known: ObjectMeta = { ...metadata, ...options.recall?.(resource, metadata) };
      return write('ADDED', resource, {
        ...object,
        metadata: {
          ...known,
          uid: known.uid ?? randomUUID(),
          generation: known.generation ?? 1,
          creationTimestamp: known.creationTimestamp ?? secondsText(clock.now()),
        },
      });
    },
    update(resource: ResourceName, object: Stored) {
      const old = of(resource).get(keyOf(object.metadata));
      if (!old) throw new AppError('NotFound', `${resource} "${object.metadata.name}" not found`);
      const given = object.metadata.resourceVersion;
      if (given !== undefined && given !== old.metadata.resourceVersion)
        throw new AppError('Conflict', `${resource} "${object.metadata.name}" changed since it was read`, {
          hint: 'Read it again and repeat the change.',
        });
      const before = old.metadata.generation ?? 1;
      const changed = stableJson(old.spec ?? null) !== stableJson(object.spec ?? null);
      const next: Stored = {
        ...object,
        metadata: {
          ...object.metadata,
          ...(old.metadata.uid === undefined ? {} : { uid: old.metadata.uid }),
          ...(old.metadata.creationTimestamp === undefined
            ? {}
            : { creationTimestamp: old.metadata.creationTimestamp }),
          generation: Math.max(object.metadata.generation ?? 0, changed ? before + 1 : before),
        },
      };
      if (isLastFinalizer(old, next)) return write('DELETED', resource, next);
      return without(old) === without(next) ? old : write('MODIFIED', resource, next);
    },
    updateStatus(
      resource: ResourceName,
      at: { namespace: string; name: string; uid: string },
      status: unknown,
    ) {
      const old = same(at, resource);
      if (old && stableJson(old.status ?? null) !== stableJson(status ?? null))
        write('MODIFIED', resource, { ...old, status });
    },
    markDeleted(
      resource: ResourceName,
      at: { namespace: string; name: string; uid?: string },
      grace?: number,
    ) {
      const old = same(at, resource);
      if (!old) return;
      const { deletionTimestamp, deletionGracePeriodSeconds: before } = old.metadata;
      // A deletion that has begun may only become quicker.
      if (deletionTimestamp && (grace === undefined || (before !== undefined && grace >= before))) return;
      const graceSeconds = grace ?? (resource === 'pods' ? graceOf(old as Pod) : undefined);
      const begunMs = deletionTimestamp ? Date.parse(deletionTimestamp) - (before ?? 0) * 1000 : clock.now();
      write('MODIFIED', resource, {
        ...old,
        metadata: {
          ...old.metadata,
          deletionTimestamp: secondsText(begunMs + Math.min(graceSeconds ?? 0, longestGrace) * 1000),
          ...(graceSeconds === undefined ? {} : { deletionGracePeriodSeconds: graceSeconds }),
        },
      });
    },
    remove(resource: ResourceName, at: { namespace: string; name: string; uid?: string }) {
      const old = same(at, resource);
      if (!old) return;
      const {
        finalizers = [],
        deletionTimestamp = secondsText(clock.now()),
        deletionGracePeriodSeconds,
      } = old.metadata;
      if (finalizers.length === 0) write('DELETED', resource, old);
      else if (deletionGracePeriodSeconds !== 0) {
        const metadata = { ...old.metadata, deletionTimestamp, deletionGracePeriodSeconds: 0 };
        write('MODIFIED', resource, { ...old, metadata });
      }
    },
    watch(
      resource: ResourceName,
      listener: (change: Change<Stored>) => void,
      watchOptions: { from?: string } & ListFilter = {},
    ) {
      const isMeant = matcher(resource, watchOptions);
      let open = true;
      const deliver = (change: AnyChange) => {
        if (change.resource !== resource) return;
        const told = changeForMatcher(change, change.previous, isMeant);
        if (told) setImmediate(() => open && listener(told));
      };
      if (watchOptions.from !== undefined) {
        const from = remembered(watchOptions.from);
        for (const change of history) if (Number(change.resourceVersion) > from) deliver(change);
      }
      watchers.add(deliver);
      return {
        close() {
          open = false;
          watchers.delete(deliver);
        },
      };
    },
  };
  // One implementation serves every kind; the interface gives each its own type.
  return store as unknown as ObjectStore;
}

/** What a Pod asks for where nobody says how long it has. */
const graceOf = ({ spec }: Pod): number => spec.terminationGracePeriodSeconds ?? 30;

/** More than thirty years, and still a time that can be told. */
const longestGrace = 1e9;

/** Whether nothing but a finalizer held an object back that is over, and now does not any more. */
const isLastFinalizer = ({ metadata: old }: Stored, { metadata }: Stored): boolean =>
  (old.finalizers ?? []).length > 0 &&
  (metadata.finalizers ?? []).length === 0 &&
  metadata.deletionTimestamp !== undefined &&
  metadata.deletionGracePeriodSeconds === 0;
