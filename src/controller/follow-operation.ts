import { label } from '../api/labels.js';
import type { Cell, ScalingOperation, Stage } from '../api/types/resources.js';
import { changeOf, type SpecChange, type SpecFacts } from '../core/change-of.js';
import { noteAfter, noteBefore, stageNote } from '../core/stage-note.js';
import { rowBefore, sameRow, stageRow } from '../core/stage-row.js';
import type { Desired, Observed, Plan } from '../core/types.js';
import type { ObjectStore } from '../store/object-store.js';

/** How many operations of one ModelServing stay listable. */
const keptOperations = 20;

/**
 * Keeps the scaling operation that is under way: begun when a spec changes something, a stage whenever the row of cells changes, Complete when
 * nothing differs, Superseded when the next one begins first. A generation that changes only a limit goes on with the one before.
 */
export function followOperation(of: {
  store: ObjectStore;
  desired: Desired;
  /** The generation and facts that the operation before was about. */
  before: { generation: number; facts: SpecFacts } | undefined;
  observed: Observed;
  applied: Observed;
  plan: Plan;
  nowIso: string;
}): void {
  const { store, desired, before, observed, applied, plan, nowIso } = of;
  const row = stageRow(desired, applied);
  const name = `${desired.name}-${desired.generation}${desired.deleting ? '-deletion' : ''}`;
  const own = operationsOf(store, desired).filter((each) => isOf(desired, each));
  const running = own.find((each) => each.status.phase === 'Running');
  const isKnown =
    own.some(({ metadata }) => metadata.name === name) ||
    (before?.generation === desired.generation && !desired.deleting);
  const change = changeOf(before?.facts, desired);
  // A partition that moves is a roll-out of its own only when none is under way and something is older.
  const isLimit = change.kinds.join() === 'template' && before?.facts.revision === desired.revision;
  const isQuiet = isLimit && (running !== undefined || row.every((cell) => cell === '✅'));
  const begins = !isKnown && change.kinds.length > 0 && !isQuiet;
  if (begins) {
    supersede(store, desired, nowIso);
    trim(store, desired);
    const first: Stage = { cells: rowBefore(observed), note: noteBefore(change), startedAt: nowIso };
    store.create('scalingoperations', begin(name, desired, change, first, nowIso));
  }
  const followed = begins ? name : running?.metadata.name;
  if (followed !== undefined) follow(store, followed, desired, row, applied, plan, nowIso);
}

const isOf = (desired: Desired, { metadata }: ScalingOperation): boolean =>
  metadata.ownerReferences?.some((owner) => owner.uid === desired.uid) === true;

function begin(
  name: string,
  desired: Desired,
  change: SpecChange,
  first: Stage,
  startedAt: string,
): ScalingOperation {
  return {
    apiVersion: 'minithena.dev/v1alpha1',
    kind: 'ScalingOperation',
    metadata: {
      name,
      namespace: desired.namespace,
      labels: { [label.modelServing]: desired.name },
      ownerReferences: [
        {
          apiVersion: 'workload.serving.volcano.sh/v1alpha1',
          kind: 'ModelServing',
          name: desired.name,
          uid: desired.uid,
        },
      ],
    },
    spec: {
      modelServing: desired.name,
      generation: desired.generation,
      change: change.text,
      kinds: [...change.kinds],
    },
    status: { phase: 'Running', stages: [first], holds: [], startedAt },
  };
}

function follow(
  store: ObjectStore,
  name: string,
  desired: Desired,
  row: Cell[],
  applied: Observed,
  plan: Plan,
  nowIso: string,
): void {
  const operation = store.get('scalingoperations', desired.namespace, name);
  if (!operation) return;
  const { stages } = operation.status;
  const change: SpecChange = { kinds: operation.spec.kinds, text: operation.spec.change };
  const last = stages.at(-1);
  const wanted = desired.deleting ? 0 : desired.replicas;
  const present = row.filter((cell) => cell !== '');
  const finished =
    plan.actions.length === 0 && present.length === wanted && present.every((cell) => cell === '✅');
  const previous = stages.length > 1 ? last?.cells : undefined;
  const added: Stage[] =
    last && sameRow(last.cells, row) && !(finished && stages.length === 1)
      ? []
      : [
          {
            cells: row,
            note: finished ? noteAfter(change) : stageNote(change, previous, row, applied),
            startedAt: nowIso,
          },
        ];
  const status: ScalingOperation['status'] = {
    ...operation.status,
    phase: finished ? 'Complete' : 'Running',
    stages: [...stages, ...added],
    holds: [...plan.holds],
    ...(finished && { completedAt: nowIso }),
  };
  store.updateStatus(
    'scalingoperations',
    { ...operation.metadata, uid: operation.metadata.uid ?? '' },
    status,
  );
}

function supersede(store: ObjectStore, desired: Desired, nowIso: string): void {
  for (const each of operationsOf(store, desired)) {
    if (each.status.phase !== 'Running') continue;
    const status = { ...each.status, phase: 'Superseded' as const, holds: [], completedAt: nowIso };
    store.updateStatus('scalingoperations', { ...each.metadata, uid: each.metadata.uid ?? '' }, status);
  }
}

/** Makes room for the next: the oldest go, and those of an earlier ModelServing of the same name, whose generations began at 1 as well. */
function trim(store: ObjectStore, desired: Desired): void {
  const all = operationsOf(store, desired);
  const own = all.filter((each) => isOf(desired, each)).sort((a, b) => a.spec.generation - b.spec.generation);
  const kept = new Set(own.slice(1 - keptOperations));
  for (const each of all) if (!kept.has(each)) store.remove('scalingoperations', each.metadata);
}

const operationsOf = (store: ObjectStore, { name, namespace }: Desired): readonly ScalingOperation[] =>
  store.list('scalingoperations', { namespace, labelSelector: `${label.modelServing}=${name}` }).items;
