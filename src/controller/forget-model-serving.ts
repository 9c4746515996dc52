import { label } from '../api/labels.js';
import type { Desired } from '../core/types.js';
import type { ObjectStore } from '../store/object-store.js';
import type { Records } from '../store/records.js';
import { dropRevision, revisionsOf } from './store-revision.js';

/** The last container of a deleted ModelServing is gone: everything about it goes, the object itself last. */
export function forgetModelServing(store: ObjectStore, records: Records, desired: Desired): void {
  const { name, namespace, uid } = desired;
  const filter = { namespace, labelSelector: `${label.modelServing}=${name}` };
  for (const resource of ['servinggroups', 'roles'] as const) {
    for (const { metadata } of store.list(resource, filter).items) store.remove(resource, metadata);
  }
  for (const { metadata } of revisionsOf(store, desired)) dropRevision(store, records, metadata);
  records.remove(namespace, name);
  store.remove('modelservings', { namespace, name, uid });
}
