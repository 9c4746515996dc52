import type { ObjectMeta } from '../api/types/object-meta.js';

/** Built-in kinds have no generation; those of definitions have, and so have ours. */
const countsNoSpecs = new Set(['v1', 'apps/v1', 'events.k8s.io/v1']);

/** The metadata of an object as clients get it: without what Kubernetes' own kinds, or those outside of namespaces, do not have. Pure. */
export function toldMeta(apiVersion: string | undefined, metadata: ObjectMeta): Partial<ObjectMeta> {
  const isTold = (key: string) =>
    (key !== 'namespace' || metadata.namespace !== '') &&
    (key !== 'generation' || !countsNoSpecs.has(apiVersion ?? ''));
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => isTold(key)));
}
