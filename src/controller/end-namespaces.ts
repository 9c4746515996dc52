import type { NamespaceCondition } from 'kubernetes-types/core/v1.js';
import type { AnyResource, Namespace, ResourceName } from '../api/types/resources.js';
import type { Clock } from '../lib/clock.js';
import { secondsText } from '../lib/time-text.js';
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

interface Left {
  readonly resource: ResourceName;
  readonly object: AnyResource;
}

/** Carries out the deletion of Namespaces: everything in one goes, and then itself. What it waits for, its conditions say in Kubernetes' words. */
export function endNamespaces({
  store,
  kept,
  clock,
}: {
  store: ObjectStore;
  kept: KeptObjects;
  clock: Clock;
}): { close(): void } {
  const end = (namespace: Namespace) => {
    const { name, deletionTimestamp, finalizers = [] } = namespace.metadata;
    if (!deletionTimestamp) return;
    for (const resource of contents)
      for (const object of store.list(resource, { namespace: name }).items)
        if (!object.metadata.deletionTimestamp) kept.remove(resource, object);
    const left = contents.flatMap((resource) =>
      store.list(resource, { namespace: name }).items.map((object) => ({ resource, object })),
    );
    if (left.length > 0) return tellWhatIsLeft(namespace, left);
    for (const resource of remains)
      for (const { metadata } of store.list(resource, { namespace: name }).items)
        store.remove(resource, metadata);
    if (finalizers.length === 0) kept.forget('namespaces', namespace);
  };
  const tellWhatIsLeft = (namespace: Namespace, left: readonly Left[]) => {
    const conditions = conditionsOf(left, namespace.status?.conditions ?? [], secondsText(clock.now()));
    store.update('namespaces', { ...namespace, status: { phase: 'Terminating', conditions } });
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

function conditionsOf(
  left: readonly Left[],
  before: readonly NamespaceCondition[],
  now: string,
): NamespaceCondition[] {
  const resources = counted(left.map(({ resource }) => resource));
  const finalizers = counted(left.flatMap(({ object }) => object.metadata.finalizers ?? []));
  const condition = (type: string, reason: string, message: string): NamespaceCondition => {
    const since = before.find((each) => each.type === type)?.lastTransitionTime;
    return { type, status: 'True', reason, message, lastTransitionTime: since ?? now };
  };
  const remaining = resources.map(([what, count]) => `${what} has ${count} resource instances`);
  const holding = finalizers.map(([what, count]) => `${what} in ${count} resource instances`);
  return [
    ...before.filter(({ type }) => !type.startsWith('Namespace')),
    condition(
      'NamespaceContentRemaining',
      'SomeResourcesRemain',
      `Some resources are remaining: ${remaining.join(', ')}`,
    ),
    ...(holding.length === 0
      ? []
      : [
          condition(
            'NamespaceFinalizersRemaining',
            'SomeFinalizersRemain',
            `Some content in the namespace has finalizers remaining: ${holding.join(', ')}`,
          ),
        ]),
  ];
}

function counted(names: readonly string[]): [name: string, count: number][] {
  const sums = new Map<string, number>();
  for (const name of names) sums.set(name, (sums.get(name) ?? 0) + 1);
  return [...sums];
}
