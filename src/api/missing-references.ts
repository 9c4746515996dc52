import type { Diagnostic } from './diagnostic.js';
import type { FoundReference } from './find-references.js';

/** A reference with its place in the file. */
export interface Reference extends Pick<FoundReference, 'resource' | 'name'> {
  readonly namespace: string;
  readonly at: Pick<Diagnostic, 'file' | 'line' | 'column' | 'pointer' | 'fieldPath'>;
}

const kindOf = {
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  persistentvolumeclaims: 'PersistentVolumeClaim',
} as const;

/** A warning for each object that is referred to and not there, at the first place of each file: its pods will wait for it. Pure. */
export function missingReferences(
  references: readonly Reference[],
  isThere: (reference: Pick<Reference, 'resource' | 'namespace' | 'name'>) => boolean,
): Diagnostic[] {
  const places = new Map<string, Reference[]>();
  for (const each of references) {
    if (isThere(each)) continue;
    const key = `${each.at.file} ${each.resource} ${each.namespace}/${each.name}`;
    places.set(key, [...(places.get(key) ?? []), each]);
  }
  return [...places.values()].flatMap(([first, ...more]): Diagnostic[] => {
    if (!first) return [];
    const kind = kindOf[first.resource];
    const also = more.length > 0 ? ` (asked for in ${more.length + 1} places)` : '';
    return [
      {
        severity: 'warning',
        code: 'MissingReference',
        message: `no file holds the ${kind} ${first.namespace}/${first.name}${also}; pods will wait for it`,
        hint: `write a ${kind} of that name into this file, or give its file to \`up\` as well`,
        ...first.at,
      },
    ];
  });
}
