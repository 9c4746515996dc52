import { label } from '../api/labels.js';
import { groupLabel, roleId } from '../api/names.js';
import type { ModelServingStatus } from '../api/types/model-serving.js';
import type { Condition } from '../api/types/object-meta.js';
import { missingOrdinals } from './missing-ordinals.js';
import type { Desired, Observed } from './types.js';
import { type GroupView, viewGroups } from './view-groups.js';

/**
 * ModelServing.status from the state with this pass's actions applied. lastTransitionTime changes only with status, so that the same facts
 * give the same object.
 */
export function modelServingStatus(of: {
  desired: Desired;
  observed: Observed;
  previous?: ModelServingStatus | undefined;
  nowIso: string;
  /** The file holds a spec that does not validate: code of the first diagnostic, and where. */
  invalid?: { reason: string; message: string } | undefined;
}): ModelServingStatus {
  const { desired, observed, previous } = of;
  const views = viewGroups(desired, observed, 0);
  const alive = views.filter((view) => !view.deleting);
  const available = views.filter((view) => view.running).length;
  const updated = alive.filter((view) => !view.outdated).length;
  const older = alive.length - updated;
  const done =
    desired.partition === undefined &&
    updated === available &&
    available === views.length &&
    views.length === desired.replicas;
  return {
    observedGeneration: desired.generation,
    replicas: views.length,
    availableReplicas: available,
    updatedReplicas: updated,
    currentReplicas: done ? updated : older,
    updateRevision: desired.revision,
    currentRevision: observed.currentRevision,
    labelSelector: labelSelector(desired),
    conditions: conditions(desired, views)
      .flatMap((wanted) => {
        const before = previous?.conditions.find((each) => each.type === wanted.type);
        // A condition that never was True needs no False entry.
        if (wanted.status === 'False' && !before) return [];
        return stamp(wanted, before, of.nowIso, desired.generation);
      })
      .concat(invalidCondition(of, previous)),
  };
}

type Wanted = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

function conditions(desired: Desired, views: readonly GroupView[]): Wanted[] {
  const waiting = views.filter((view) => !view.running).map((view) => groupLabel(view.ordinal));
  const present = views.map((view) => view.ordinal);
  // Under `upstream` a group beyond the range stands for one within it.
  const lacking = Math.max(0, desired.replicas - views.filter((view) => !view.surplus).length);
  const missing = missingOrdinals(present, desired.replicas, Math.min(lacking, mostNamed)).map(groupLabel);
  const updating = views.some((view) => (view.outdated && !view.isProtected) || isBeingReplaced(view));
  const names = shortList([...waiting, ...missing], waiting.length + lacking);
  const all: Wanted[] = [
    {
      type: 'Available',
      status: 'False',
      reason: 'GroupsNotReady',
      message: `Some groups are not ready: ${names}`,
    },
    {
      type: 'UpdateInProgress',
      status: 'False',
      reason: 'NoGroupUpdating',
      message: 'No group is being updated',
    },
    {
      type: 'Progressing',
      status: 'False',
      reason: 'NoGroupProgressing',
      message: 'No group is progressing',
    },
  ];
  const set = (type: string, reason: string, message: string) =>
    all.map((each) => (each.type === type ? { type, status: 'True' as const, reason, message } : each));
  if (names === '') return set('Available', 'AllGroupsReady', 'All Serving groups are ready');
  return updating
    ? set('UpdateInProgress', 'GroupsUpdating', `Some groups are updating: ${names}`)
    : set('Progressing', 'GroupProgressing', `Some groups is progressing: ${names}`);
}

/** A message is read by people: of very many groups the first are enough. */
const shortList = (labels: readonly string[], count: number): string =>
  count <= mostNamed
    ? labels.join(', ')
    : `${labels.slice(0, mostNamed).join(', ')} and ${count - mostNamed} more`;

const mostNamed = 12;

const isBeingReplaced = ({ group: { record, instances } }: GroupView): boolean =>
  [record, ...instances].some((each) => each.deleting?.reason === 'Outdated');

function invalidCondition(
  of: { invalid?: { reason: string; message: string } | undefined; nowIso: string; desired: Desired },
  previous: ModelServingStatus | undefined,
): Condition[] {
  const before = previous?.conditions.find((each) => each.type === 'SpecInvalid');
  if (!of.invalid) return [];
  return stamp(
    { type: 'SpecInvalid', status: 'True', ...of.invalid },
    before,
    of.nowIso,
    of.desired.generation,
  );
}

const stamp = (
  wanted: Wanted,
  before: Condition | undefined,
  nowIso: string,
  generation: number,
): Condition[] => [
  {
    ...wanted,
    lastTransitionTime: before?.status === wanted.status ? before.lastTransitionTime : nowIso,
    observedGeneration: generation,
  },
];

/** One pod per group, for autoscalers: the entry pod of the first role's first instance. */
function labelSelector({ name, roles }: Desired): string {
  const role = roles[0]?.name ?? '';
  return [
    `${label.entry}=true`,
    `${label.modelServing}=${name}`,
    `${label.roleId}=${roleId(role, 0)}`,
    `${label.role}=${role}`,
  ].join(',');
}
