import type { ResourceName, Resources } from '../api/types/resources.js';

/**
 * The meeting place of all parts: objects by kind, namespace and name, list and watch as in Kubernetes. In memory and synchronous;
 * it is rebuilt from files, records and containers at start. Objects are frozen: to change one, write a new one.
 *
 * Invariants: resourceVersion starts at epoch milliseconds and grows by one with each write; a write that changes nothing (status and
 * resourceVersion aside from its own) writes nothing; watchers are called in a later task, never inside a write, in order of the writes.
 */
export interface ObjectStore {
  /** The version of the last write. */
  version(): string;
  get<R extends ResourceName>(resource: R, namespace: string, name: string): Resources[R] | undefined;
  /**
   * Sorted by namespace, then name (numbers inside names compare as numbers). With `at`, as it was at that version: throws Gone when that is
   * no longer known. Throws Usage for a selector that is none.
   */
  list<R extends ResourceName>(
    resource: R,
    filter?: ListFilter & { at?: string },
  ): { items: readonly Resources[R][]; resourceVersion: string };
  /** Fills in uid, creationTimestamp, generation 1 where absent. Throws AlreadyExists. */
  create<R extends ResourceName>(resource: R, object: Resources[R]): Resources[R];
  /**
   * Replaces. When metadata.resourceVersion is given and is not the stored one: throws Conflict. NotFound when absent.
   * Keeps uid and creationTimestamp, and raises generation when spec changed (unless the caller hands in a higher one).
   */
  update<R extends ResourceName>(resource: R, object: Resources[R]): Resources[R];
  /** Replaces only `status`; silently nothing when the object is gone or its uid is not the given one (a late report). */
  updateStatus<R extends ResourceName>(
    resource: R,
    at: { namespace: string; name: string; uid: string },
    status: Resources[R] extends { status?: infer S } ? S : never,
  ): void;
  /**
   * Graceful deletion: sets deletionTimestamp, the time when the grace is over (once; a shorter grace may follow), and leaves removal to the
   * owner of the object (kubelet for Pods, controller for ModelServings). A Pod has the grace of its spec where none is given. Nothing when it
   * is gone or its uid differs.
   */
  markDeleted(
    resource: 'pods' | 'modelservings',
    at: { namespace: string; name: string; uid?: string },
    gracePeriodSeconds?: number,
  ): void;
  /**
   * Removes at once, or, where finalizers hold it, with the update that takes the last of them away; until then it is marked as deleted.
   * Nothing when it is gone or its uid differs.
   */
  remove(resource: ResourceName, at: { namespace: string; name: string; uid?: string }): void;
  /**
   * Calls `listener` for every later change of the resource. With `from`, first replays what happened after that resourceVersion;
   * throws Gone when that is no longer known. With selectors, what begins to match is ADDED, and what ceases to is DELETED, as it last was
   * when it matched, with the version of the change. Throws Usage for a selector that is none.
   */
  watch<R extends ResourceName>(
    resource: R,
    listener: (change: Change<Resources[R]>) => void,
    options?: { from?: string } & ListFilter,
  ): { close(): void };
}

export interface ListFilter {
  namespace?: string;
  /** As in Kubernetes: a=b,c!=d,e in (f,g),h,!i,j>1 */
  labelSelector?: string;
  /** metadata.name=…, metadata.namespace=…, and what api/selectors/selectable-fields.ts has for the kind. */
  fieldSelector?: string;
}

export interface Change<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
  resourceVersion: string;
}
