import { readFileSync } from 'node:fs';
import type { AppliedObject } from '../client/api-client.js';
import { locatedDocuments } from '../lib/yaml/located-documents.js';
import type { ReadManifests } from './read-manifest-files.js';

/**
 * The documents of files as they are written, for another cluster: what Pods refer to first; those without a namespace in that of the context,
 * as kubectl does it.
 */
export function writtenObjects(
  { files, supporting, modelServings }: ReadManifests,
  ofContext: string,
): AppliedObject[] {
  const written = files.flatMap((file) =>
    locatedDocuments(readFileSync(file === '-' ? 0 : file, 'utf8')).map(
      ({ value }) => value as Partial<AppliedObject> | null,
    ),
  );
  return [...supporting, ...modelServings].flatMap(({ object }) => {
    const { name, namespace } = object.metadata;
    const found = written.find(
      (each) =>
        each?.kind === object.kind &&
        each.metadata?.name === name &&
        (each.metadata.namespace ?? 'default') === namespace,
    ) as AppliedObject | undefined;
    if (!found) return [];
    return [{ ...found, metadata: { ...found.metadata, namespace: found.metadata.namespace ?? ofContext } }];
  });
}
