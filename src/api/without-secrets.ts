import type { AnyResource } from './types/resources.js';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** A Secret with its keys and without its values, for whatever is shown to people; anything else as it is. Pure. */
export function withoutSecrets<T extends AnyResource>(object: T): T {
  if (object.kind !== 'Secret') return object;
  const { annotations, ...metadata } = object.metadata;
  // kubectl keeps the whole object in it.
  const { [lastApplied]: _whole, ...rest } = annotations ?? {};
  const data = Object.fromEntries(Object.keys(object.data ?? {}).map((key) => [key, '***']));
  return { ...object, metadata: { ...metadata, ...(annotations && { annotations: rest }) }, data };
}
