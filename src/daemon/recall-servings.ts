import { readFile } from 'node:fs/promises';
import { annotation, label, ownerLabel } from '../api/labels.js';
import { parseManifests } from '../api/parse-manifests.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { storeRevision } from '../controller/store-revision.js';
import { desiredFrom } from '../core/desired-from.js';
import type { Rules } from '../core/types.js';
import type { Engine } from '../kubelet/engine.js';
import type { Clock } from '../lib/clock.js';
import { filesAt } from '../manifests/watch-paths.js';
import type { ObjectStore } from '../store/object-store.js';
import type { Records } from '../store/records.js';

export interface RecalledServings {
  /** Before these files are put into force: what they name and what runs already goes back into the store under its old uid. */
  recall(paths: readonly string[]): Promise<void>;
  /** True while containers run whose ModelServing no file has named: they are nobody's leftovers yet. */
  isWaiting(): boolean;
}

/**
 * ModelServings whose record was lost while their containers run on, known by the labels of these. Without their old uid the containers
 * would be those of a namesake, and without their revision a Pod would come back with less than it was made of.
 */
export async function recallServings(from: {
  engine: Pick<Engine, 'listContainers'>;
  store: ObjectStore;
  records: Records;
  clock: Clock;
  rules: Rules;
}): Promise<RecalledServings> {
  const { engine, store, records, clock, rules } = from;
  const uids = new Map<string, string>();
  for (const { labels } of await engine.listContainers()) {
    const [namespace, name] = [labels[ownerLabel.namespace], labels[label.modelServing]];
    const uid = labels[ownerLabel.modelServingUid];
    if (namespace && name && uid && !records.get(namespace, name)) uids.set(`${namespace}/${name}`, uid);
  }
  const restore = (object: ModelServing, file: string) => {
    const { namespace, name, annotations } = object.metadata;
    const uid = uids.get(`${namespace}/${name}`);
    if (uid === undefined || store.get('modelservings', namespace, name)) return;
    uids.delete(`${namespace}/${name}`);
    const metadata = { ...object.metadata, uid, annotations: { ...annotations, [annotation.file]: file } };
    const modelServing = { ...object, metadata };
    // First, since the Pods are rebuilt at the moment the ModelServing is there.
    storeRevision({ store, records, clock }, desiredFrom(modelServing, rules));
    store.create('modelservings', modelServing);
  };
  return {
    isWaiting: () => uids.size > 0,
    async recall(paths) {
      if (uids.size === 0) return;
      for (const file of (await Promise.all(paths.map(filesAt))).flat()) {
        const { modelServings, diagnostics } = parseManifests(
          file,
          await readFile(file, 'utf8').catch(() => ''),
        );
        // A file with a mistake puts nothing into force; its turn comes with the next `up` or start.
        if (diagnostics.some((each) => each.severity === 'error')) continue;
        for (const { object } of modelServings) restore(object, file);
      }
    },
  };
}
