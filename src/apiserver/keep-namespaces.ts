import { supportingResources } from '../api/read-supporting.js';
import type { ObjectStore } from '../store/object-store.js';
import { namespaceLabels } from './namespace-labels.js';

/** Keeps a Namespace for every namespace that an object of a file names, and `default`, as a Kubernetes API has it from its start. */
export function keepNamespaces(store: ObjectStore): { close(): void } {
  const keep = (name: string) => {
    if (store.get('namespaces', '', name)) return;
    store.create('namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, namespace: '', labels: namespaceLabels(name) },
      status: { phase: 'Active' },
    });
  };
  keep('default');
  const watches = (['modelservings', ...supportingResources] as const).map((resource) => {
    for (const { metadata } of store.list(resource).items) keep(metadata.namespace);
    return store.watch(resource, ({ object: { metadata } }) => {
      if (store.get(resource, metadata.namespace, metadata.name)) keep(metadata.namespace);
    });
  });
  return {
    close() {
      for (const each of watches) each.close();
    },
  };
}
