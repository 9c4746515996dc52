import type { ResourceName, Resources } from '../api/types/resources.js';

/**
 * The meeting place of all parts: objects by kind, namespace and name, list and watch as in Kubernetes. In memory and synchronous;
 * it is rebuilt from files, records and containers at start. Objects are frozen: to change one, write a new one.
 *
 * Invariants: resourceVersion starts at epoch milliseconds and grows by one with each write; a write that changes nothing (status and
 * resourceVersion aside from its own) writes nothing; watchers are called in a later task, never inside a write, in order of the writes.
 */
export interface ObjectStore {
  get<R extends ResourceName>(resource: R, namespace: string, name: string): Resources[R] | undefined;
  /** Sorted by namespace, then name (numbers inside names compare as numbers). */
  list<R extends ResourceName>(
    resource: R,
    filter?: ListFilter,
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
   * Graceful deletion: sets deletionTimestamp (once; a shorter grace may follow) and leaves removal to the owner of the object
   * (kubelet for Pods, controller for ModelServings). Nothing when it is gone or its uid differs.
   */
  markDeleted(
    resource: 'pods' | 'modelservings',
    at: { namespace: string; name: string; uid?: string },
    gracePeriodSeconds?: number,
  ): void;
  /** Removes at once. Nothing when it is gone or its uid differs. */
  remove(resource: ResourceName, at: { namespace: string; name: string; uid?: string }): void;
  /**
   * Calls `listener` for every later change of the resource. With `from`, first replays what happened after that resourceVersion;
   * throws Gone when that is no longer known.
   */
  watch<R extends ResourceName>(
    resource: R,
    listener: (change: Change<Resources[R]>) => void,
    options?: { from?: string } & ListFilter,
  ): { close(): void };
}

export interface ListFilter {
  namespace?: string;
  /** Equality and set expressions as in kubectl: a=b,c!=d,e in (f,g),h,!i */
  labelSelector?: string;
  /** metadata.name=…, metadata.namespace=…, status.phase=…, spec.nodeName=…, involvedObject.*=… */
  fieldSelector?: string;
}

export interface Change<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
  resourceVersion: string;
}
