import { label } from '../api/labels.js';
import type { ControllerRevision } from '../api/types/resources.js';
import type { ObjectStore } from '../store/object-store.js';
import type { Records } from '../store/records.js';

/**
 * Brings a ControllerRevision back that somebody deleted and that its ModelServing needs: one that its spec, its groups or its Pods are of.
 * What only the history has is forgotten.
 */
export function keepRevisions({ store, records }: { store: ObjectStore; records: Records }): {
  close(): void;
} {
  const isNeeded = ({ metadata: { namespace, labels = {} } }: ControllerRevision): boolean => {
    const name = labels[label.modelServing] ?? '';
    const revision = labels[label.revision];
    const { status } = store.get('modelservings', namespace, name) ?? {};
    const { groups = [], currentRevision } = records.get(namespace, name) ?? {};
    const selector = `${label.modelServing}=${name},${label.revision}=${revision}`;
    return (
      [status?.updateRevision, status?.currentRevision, currentRevision].includes(revision) ||
      groups.some((group) => group.revision === revision) ||
      store.list('pods', { namespace, labelSelector: selector }).items.length > 0
    );
  };
  return store.watch('controllerrevisions', ({ type, object }) => {
    const { namespace, name, labels = {} } = object.metadata;
    if (type !== 'DELETED' || store.get('controllerrevisions', namespace, name)) return;
    // Whoever drops it for good has taken it from the disk first.
    const kept = records
      .revisions()
      .find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
    if (!kept || !store.get('modelservings', namespace, labels[label.modelServing] ?? '')) return;
    if (isNeeded(kept)) store.create('controllerrevisions', kept);
    else records.removeRevision(namespace, name);
  });
}
