import type { KindFacts } from '../api/kinds.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import { AppError } from '../lib/app-error.js';
import type { ObjectStore } from '../store/object-store.js';
import { fullName } from './full-name.js';

/** Nothing new comes into a namespace that is not there, or that goes. Throws NotFound, Forbidden. */
export function admitToNamespace(
  store: ObjectStore,
  facts: KindFacts,
  { namespace, name }: ObjectMeta,
): void {
  if (!facts.namespaced) return;
  const found = store.get('namespaces', '', namespace);
  if (!found)
    throw new AppError('NotFound', `namespaces "${namespace}" not found`, {
      hint: `kubectl create namespace ${namespace}`,
      details: { status: { name: namespace, kind: 'namespaces' } },
    });
  if (found.metadata.deletionTimestamp)
    throw new AppError(
      'Forbidden',
      `${fullName(facts)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
      { details: { status: { name, causes: [terminating(namespace)] } } },
    );
}

const terminating = (namespace: string) => ({
  reason: 'NamespaceTerminating',
  message: `namespace ${namespace} is being terminated`,
  field: 'metadata.namespace',
});
