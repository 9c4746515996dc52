import { annotation } from '../api/labels.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { factsOf } from '../core/change-of.js';
import type { Desired, Observed } from '../core/types.js';
import type { ModelServingRecord } from '../store/records.js';
import type { Baseline } from './observe-pod.js';

type Facts = NonNullable<ModelServingRecord['operation']>['facts'];

/** The record of a pass: what must be on disk before its actions begin. */
export function recordFrom(
  modelServing: ModelServing,
  desired: Desired,
  applied: Observed,
  baselines: Record<string, Baseline>,
): ModelServingRecord {
  const { metadata, spec } = modelServing;
  const file = metadata.annotations?.[annotation.file];
  const meaning = Object.fromEntries(
    [annotation.standIn, annotation.rules, annotation.paused].flatMap((key) => {
      const value = metadata.annotations?.[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return {
    format: 1,
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid ?? '',
    generation: metadata.generation ?? 1,
    creationTimestamp: metadata.creationTimestamp ?? '',
    ...(metadata.deletionTimestamp && { deletionTimestamp: metadata.deletionTimestamp }),
    ...(file && { file }),
    ...(Object.keys(meaning).length > 0 && { annotations: meaning }),
    spec,
    currentRevision: applied.currentRevision,
    operation: {
      generation: desired.generation,
      facts: structuredClone(factsOf(desired)) as Facts,
    },
    groups: applied.groups.map(({ ordinal, record, instances }) => ({
      ordinal,
      counts: { ...record.counts },
      revision: record.revision,
      status: record.status,
      ...(record.deleting && { deleting: { ...record.deleting } }),
      deletingInstances: Object.fromEntries(
        instances.flatMap((each) => (each.deleting ? [[each.roleId, { ...each.deleting }]] : [])),
      ),
    })),
    backOff: structuredClone(applied.backOff) as ModelServingRecord['backOff'],
    baselines,
  };
}
