import { didYouMean } from '../lib/did-you-mean.js';
import type { Diagnostic } from './diagnostic.js';
import type { FoundReference } from './find-references.js';
import type { SupportingObject } from './read-supporting.js';

/** A reference with its place in the file. */
export interface Reference extends Pick<FoundReference, 'resource' | 'name' | 'key'> {
  readonly namespace: string;
  readonly at: Pick<Diagnostic, 'file' | 'line' | 'column' | 'pointer' | 'fieldPath'>;
}

const kindOf = {
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  persistentvolumeclaims: 'PersistentVolumeClaim',
} as const;

/** The keys of an object that is there, for `missingReferences`. */
export const keysOf = (object: SupportingObject['object']): string[] => [
  ...('data' in object ? Object.keys(object.data ?? {}) : []),
  ...('binaryData' in object ? Object.keys(object.binaryData ?? {}) : []),
];

/**
 * A warning for each object, or key of one, that is referred to and not there, at the first place of each file: its pods will wait for it.
 * `keysIn` knows the keys of an object, undefined when there is none. Pure.
 */
export function missingReferences(
  references: readonly Reference[],
  keysIn: (reference: Pick<Reference, 'resource' | 'namespace' | 'name'>) => readonly string[] | undefined,
): Diagnostic[] {
  const places = new Map<string, { first: Reference; count: number; keys: readonly string[] | undefined }>();
  for (const each of references) {
    const keys = keysIn(each);
    if (each.key === undefined ? keys !== undefined : (keys?.includes(each.key) ?? true)) continue;
    const place = `${each.at.file} ${each.resource} ${each.namespace}/${each.name} ${each.key ?? ''}`;
    const before = places.get(place);
    if (before) before.count += 1;
    else places.set(place, { first: each, count: 1, keys });
  }
  return [...places.values()].map(({ first, count, keys = [] }): Diagnostic => {
    const { resource, namespace, name, key, at } = first;
    const object = `${kindOf[resource]} ${namespace}/${name}`;
    const often = count > 1 ? ` (asked for in ${count} places)` : '';
    if (key === undefined)
      return {
        severity: 'warning',
        code: 'MissingReference',
        message: `no file holds the ${object}${often}; pods will wait for it`,
        hint: `write a ${kindOf[resource]} of that name into this file, or give its file to \`up\` as well`,
        ...at,
      };
    const near = didYouMean(key, [...keys]);
    return {
      severity: 'warning',
      code: 'MissingReference',
      message: `the ${object} has no key "${key}"${often}; pods will wait for it`,
      hint: near ? `did you mean \`${near}\`?` : `its keys: ${keys.join(', ') || 'none'}`,
      ...at,
    };
  });
}
