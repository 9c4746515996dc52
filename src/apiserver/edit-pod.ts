import { annotation, label } from '../api/labels.js';
import { withMarks } from '../api/pod-marks.js';
import type { Pod } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import { stableJson } from '../lib/stable-json.js';
import type { ObjectStore } from '../store/object-store.js';
import { applyPatch } from './apply-patch.js';
import { type Exchange, readJson, sendJson } from './exchange.js';
import type { PodAccess } from './pod-requests.js';

const ours = new Set<string>([
  ...Object.values(label),
  annotation.gpus,
  annotation.publishedPorts,
  annotation.standIn,
]);

/**
 * PATCH and PUT of a Pod: its labels and annotations, which are kept on disk and never replace a container. Anything else of a Pod is fixed
 * when it is made. Throws NotFound, SpecInvalid, Conflict.
 */
export async function editPod(store: ObjectStore, kubelet: PodAccess, exchange: Exchange): Promise<void> {
  const body = await readJson(exchange.request);
  const { namespace = '', name = '' } = exchange.params;
  const before = store.get('pods', namespace, name);
  if (!before) throw new AppError('NotFound', `pods "${name}" not found`);
  const type = exchange.request.headers['content-type'] ?? '';
  const wanted = (exchange.method === 'PUT' ? body : applyPatch(before, body, type)) as Pod;
  const version = wanted?.metadata?.resourceVersion;
  if (version !== undefined && version !== before.metadata.resourceVersion)
    throw new AppError('Conflict', `"${name}" changed since it was read`, {
      hint: 'read it again and repeat the change',
    });
  if (stableJson(wanted?.spec ?? null) !== stableJson(before.spec))
    throw new AppError(
      'SpecInvalid',
      'spec: of a Pod that exists, only labels and annotations can be changed',
      {
        hint: 'edit the template of its role',
      },
    );
  const labels = changed(before.metadata.labels, wanted.metadata?.labels, 'labels');
  const annotations = changed(before.metadata.annotations, wanted.metadata?.annotations, 'annotations');
  if (exchange.query.get('dryRun') === 'All' || Object.keys({ ...labels, ...annotations }).length === 0) {
    sendJson(exchange.response, 200, exchange.query.get('dryRun') === 'All' ? wanted : before);
    return;
  }
  const marks = { labels, annotations };
  kubelet.keepMarks(before.metadata.uid ?? '', marks);
  const { resourceVersion: _version, ...metadata } = before.metadata;
  sendJson(exchange.response, 200, store.update('pods', { ...before, metadata: withMarks(metadata, marks) }));
}

type Marks = Record<string, string>;

/** null: taken away. */
function changed(before: Marks = {}, after: Marks = {}, what: string): Record<string, string | null> {
  const found: Record<string, string | null> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const value = after[key] ?? null;
    if (value === (before[key] ?? null)) continue;
    if (value !== null && typeof value !== 'string')
      throw new AppError('SpecInvalid', `metadata.${what}: the value of ${key} is not a string`);
    if (ours.has(key))
      throw new AppError('SpecInvalid', `metadata.${what}: ${key} is set by minithena and cannot be changed`);
    found[key] = value;
  }
  return found;
}
