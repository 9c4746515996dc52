import { readFile } from 'node:fs/promises';
import { parseManifests } from '../api/parse-manifests.js';
import type { ObjectStore } from '../store/object-store.js';
import { upsertSupporting } from './apply-supporting.js';
import { filesAt } from './watch-paths.js';

/**
 * Puts what pods refer to back into the store before any pod is looked at. It is kept nowhere but in the files (Secrets least of all): of a
 * file that has a mistake by now, the documents that are good are taken. Never throws; the files are read in earnest, and judged, later.
 */
export async function restoreSupporting(store: ObjectStore, paths: readonly string[]): Promise<void> {
  for (const file of (await Promise.all(paths.map(filesAt))).flat()) {
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const each of parseManifests(file, text).supporting) {
      const { namespace, name } = each.object.metadata;
      if (!store.get(each.resource, namespace, name)) upsertSupporting(store, file, each);
    }
  }
}
