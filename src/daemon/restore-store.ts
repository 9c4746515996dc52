import { annotation } from '../api/labels.js';
import type { ObjectStore } from '../store/object-store.js';
import type { Records } from '../store/records.js';

/** Puts back what an earlier life of the daemon had in force, under its old uids, before containers and files are looked at. */
export function restoreStore(store: ObjectStore, records: Records): void {
  for (const record of records.all()) {
    const {
      namespace,
      name,
      uid,
      generation,
      creationTimestamp,
      deletionTimestamp,
      file,
      annotations,
      spec,
    } = record;
    store.create('modelservings', {
      apiVersion: 'workload.serving.volcano.sh/v1alpha1',
      kind: 'ModelServing',
      metadata: {
        namespace,
        name,
        uid,
        generation,
        creationTimestamp,
        ...(deletionTimestamp && { deletionTimestamp }),
        annotations: { ...annotations, ...(file && { [annotation.file]: file }) },
      },
      spec,
    });
  }
  for (const revision of records.revisions()) store.create('controllerrevisions', revision);
}
