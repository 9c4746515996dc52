import type { ObjectStore } from '../store/object-store.js';

/** Keeps a Namespace for every namespace that a ModelServing names, and `default`, as a Kubernetes API has it from its start. */
export function keepNamespaces(store: ObjectStore): { close(): void } {
  const keep = (name: string) => {
    if (store.get('namespaces', '', name)) return;
    const labels = { 'kubernetes.io/metadata.name': name };
    store.create('namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, namespace: '', labels },
    });
  };
  keep('default');
  for (const { metadata } of store.list('modelservings').items) keep(metadata.namespace);
  return store.watch('modelservings', ({ object }) => keep(object.metadata.namespace));
}
