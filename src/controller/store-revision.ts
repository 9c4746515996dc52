import { label } from '../api/labels.js';
import { revisionName } from '../api/names.js';
import type { ControllerRevision } from '../api/types/resources.js';
import type { Desired, Observed } from '../core/types.js';
import type { Clock } from '../lib/clock.js';
import { stableJson } from '../lib/stable-json.js';
import { secondsText } from '../lib/time-text.js';
import type { ObjectStore } from '../store/object-store.js';
import type { Records } from '../store/records.js';

/** How many old templates are kept for undo, beyond those in use. */
const historyLimit = 10;

/** Keeps the spec's template, on disk first, before any pod is made from it; its counts follow the spec as long as it is the newest. */
export function storeRevision(
  { store, records, clock }: { store: ObjectStore; records: Records; clock: Clock },
  desired: Desired,
): void {
  const name = revisionName(desired.name, desired.revision);
  const before = store.get('controllerrevisions', desired.namespace, name);
  const data = structuredClone({
    roles: desired.roles,
    ...(desired.writtenRoles && { written: desired.writtenRoles }),
  }) as ControllerRevision['data'];
  const others = revisionsOf(store, desired);
  const highest = Math.max(0, ...others.map((each) => each.revision));
  // One that is in force again counts as the newest, so that an undo always knows which was the last before.
  if (before?.revision === highest && stableJson(before.data) === stableJson(data)) return;
  const next: ControllerRevision = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      namespace: desired.namespace,
      creationTimestamp: before?.metadata.creationTimestamp ?? secondsText(clock.now()),
      labels: { [label.modelServing]: desired.name, [label.revision]: desired.revision },
      ownerReferences: [
        {
          apiVersion: 'workload.serving.volcano.sh/v1alpha1',
          kind: 'ModelServing',
          name: desired.name,
          uid: desired.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    revision: before?.revision === highest ? highest : highest + 1,
    data,
  };
  records.writeRevision(next);
  if (before) store.update('controllerrevisions', next);
  else store.create('controllerrevisions', next);
}

/** Drops what neither a group nor the history needs any more. */
export function dropOldRevisions(
  store: ObjectStore,
  records: Records,
  desired: Desired,
  observed: Observed,
): void {
  const needed = new Set([desired.revision, observed.currentRevision]);
  for (const { record, instances } of observed.groups) {
    needed.add(record.revision);
    for (const { revision } of instances) needed.add(revision);
  }
  const all = [...revisionsOf(store, desired)].sort((a, b) => b.revision - a.revision);
  for (const { metadata } of all.slice(historyLimit)) {
    if (!needed.has(metadata.labels?.[label.revision] ?? '')) dropRevision(store, records, metadata);
  }
}

export function dropRevision(
  store: ObjectStore,
  records: Records,
  at: { namespace: string; name: string },
): void {
  records.removeRevision(at.namespace, at.name);
  store.remove('controllerrevisions', { namespace: at.namespace, name: at.name });
}

export const revisionsOf = (
  store: ObjectStore,
  { name, namespace }: { name: string; namespace: string },
): readonly ControllerRevision[] =>
  store.list('controllerrevisions', { namespace, labelSelector: `${label.modelServing}=${name}` }).items;
