/** How far the running operation is, where its end is known. Pure. */
import type { ModelServing } from '../../api/types/model-serving.js';
import type { ScalingOperation } from '../../api/types/resources.js';
import type { Model } from './model.js';
import { selectedServing } from './selected-serving.js';

export interface Progress {
  readonly what: 'groups' | 'pods ready';
  readonly done: number;
  readonly all: number;
}

/** Nothing for an operation that is over, or whose end is not known. */
export function progressOf(model: Model, operation: ScalingOperation): Progress[] {
  const serving = selectedServing(model);
  if (operation.status.phase !== 'Running' || !serving) return [];
  return [groupsDone(operation, serving), podsReady(model, operation, serving)].filter(
    (each) => each !== undefined,
  );
}

/** Groups that are as the operation wants them, of all it is about: those it takes away are done when they are gone. */
function groupsDone({ spec, status }: ScalingOperation, serving: ModelServing): Progress | undefined {
  const wanted = wantedGroups(spec.kinds, serving);
  const all = Math.max(wanted, ...status.stages.map((stage) => stage.cells.length));
  const now = status.stages.at(-1)?.cells ?? [];
  let done = 0;
  for (let ordinal = 0; ordinal < all; ordinal++)
    if ((now[ordinal] ?? '') === (ordinal < wanted ? '✅' : '')) done += 1;
  // The stage before the first step shows every group as it was: that is no end.
  return all === 0 || done === all ? undefined : { what: 'groups', done, all };
}

/** Not while pods are taken away: then there are more of them than will be. */
function podsReady(model: Model, { spec }: ScalingOperation, serving: ModelServing): Progress | undefined {
  const perGroup = serving.spec.template.roles.reduce(
    (sum, role) => sum + role.replicas * (1 + role.workerReplicas),
    0,
  );
  const all = wantedGroups(spec.kinds, serving) * perGroup;
  let exist = 0;
  let done = 0;
  for (const { metadata, spec: group, status } of model.data.servinggroups.values()) {
    if (metadata.namespace !== serving.metadata.namespace || group.modelServing !== serving.metadata.name)
      continue;
    exist += status.totalPods;
    done += status.readyPods;
  }
  return all === 0 || exist > all || done > all ? undefined : { what: 'pods ready', done, all };
}

const wantedGroups = (kinds: ScalingOperation['spec']['kinds'], serving: ModelServing): number =>
  kinds.includes('delete') || serving.metadata.deletionTimestamp ? 0 : serving.spec.replicas;
