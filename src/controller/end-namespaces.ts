import type { Namespace, ResourceName } from '../api/types/resources.js';
import type { KeptObjects } from '../store/kept-objects.js';
import type { ObjectStore } from '../store/object-store.js';

/** These have to be gone, and tell so themselves, before their namespace goes. */
const contents = [
  'modelservings',
  'pods',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'modelservers',
  'modelroutes',
  'modelboosters',
  'autoscalingpolicies',
  'autoscalingpolicybindings',
] as const satisfies readonly ResourceName[];
/** What is left of these then. */
const remains = ['services', 'controllerrevisions', 'events', 'scalingoperations'] as const;

/** Carries out the deletion of Namespaces: everything in one goes, and then itself. */
export function endNamespaces({ store, kept }: { store: ObjectStore; kept: KeptObjects }): { close(): void } {
  const end = (namespace: Namespace) => {
    const { name, deletionTimestamp, finalizers = [] } = namespace.metadata;
    if (!deletionTimestamp) return;
    let isEmpty = true;
    for (const resource of contents) {
      for (const object of store.list(resource, { namespace: name }).items) {
        if (!object.metadata.deletionTimestamp) kept.remove(resource, object);
        isEmpty &&= store.get(resource, name, object.metadata.name) === undefined;
      }
    }
    if (!isEmpty) return;
    for (const resource of remains)
      for (const { metadata } of store.list(resource, { namespace: name }).items)
        store.remove(resource, metadata);
    if (finalizers.length === 0) kept.forget('namespaces', namespace);
  };
  const watches = [
    store.watch('namespaces', ({ object: { metadata } }) => {
      const found = store.get('namespaces', '', metadata.name);
      if (found) end(found);
    }),
    ...contents.map((resource) =>
      store.watch(resource, ({ type, object }) => {
        const found =
          type === 'MODIFIED' ? undefined : store.get('namespaces', '', object.metadata.namespace);
        if (found) end(found);
      }),
    ),
  ];
  for (const each of store.list('namespaces').items) end(each);
  return {
    close() {
      for (const each of watches) each.close();
    },
  };
}
