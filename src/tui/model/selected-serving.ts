import { label } from '../../api/labels.js';
import { groupLabel } from '../../api/names.js';
import { timeOfEvent } from '../../api/time-of-event.js';
import type { ModelServing } from '../../api/types/model-serving.js';
import type { Hold, KubeEvent, ScalingOperation } from '../../api/types/resources.js';
import { naturalOrder } from '../../lib/natural-order.js';
import { keyOf, type Model } from './model.js';
import { pullsUnderWay } from './pulls-under-way.js';
import { waitsInOrder } from './waits-in-order.js';

/** ModelServings in the order of their numbers on screen: by namespace and name. */
export const servingsOf = (model: Model): readonly ModelServing[] =>
  [...model.data.modelservings.values()].sort((a, b) => naturalOrder(keyOf(a), keyOf(b)));

/** The ModelServing on screen: the chosen one, or the first when it was not chosen or is gone. */
export function selectedServing(model: Model): ModelServing | undefined {
  const chosen = model.serving === undefined ? undefined : model.data.modelservings.get(model.serving);
  return chosen ?? servingsOf(model)[0];
}

/** Its scaling operations, oldest first. */
export function operationsOf(model: Model): readonly ScalingOperation[] {
  const serving = selectedServing(model);
  if (!serving) return [];
  return [...model.data.scalingoperations.values()]
    .filter(
      (each) =>
        each.metadata.namespace === serving.metadata.namespace &&
        each.spec.modelServing === serving.metadata.name,
    )
    .sort(
      (a, b) => a.spec.generation - b.spec.generation || a.status.startedAt.localeCompare(b.status.startedAt),
    );
}

/** The operation on the board: the one that was browsed to, else the newest. */
export function shownOperation(model: Model): ScalingOperation | undefined {
  const operations = operationsOf(model);
  return operations.find((each) => each.metadata.name === model.operation) ?? operations.at(-1);
}

/** What is waited for: the holds of the newest operation while it runs, then each group that is not Running with its reason. */
export function waitingFor(model: Model): readonly Hold[] {
  const serving = selectedServing(model);
  if (!serving) return [];
  const newest = operationsOf(model).at(-1);
  const holds = newest?.status.phase === 'Running' ? newest.status.holds : [];
  const groups = [...model.data.servinggroups.values()]
    .filter(
      (group) =>
        group.metadata.namespace === serving.metadata.namespace &&
        group.spec.modelServing === serving.metadata.name &&
        group.status.phase !== 'Running' &&
        group.status.reason !== '',
    )
    .sort((a, b) => a.spec.ordinal - b.spec.ordinal)
    .map(({ spec, status: { reason, message } }) => {
      const label = groupLabel(spec.ordinal);
      // The group says what it waits for in the words of the instance that waits.
      const [subject = label] = message.startsWith(`${label}/`) ? message.split(' ') : [];
      return { subject, reason, message };
    });
  const said = new Set(holds.map((hold) => `${hold.subject.split('/')[0]} ${hold.reason}`));
  const pulls = pullsUnderWay(model, serving.metadata.namespace, serving.metadata.name);
  return waitsInOrder([
    ...pulls,
    ...holds,
    ...groups.filter((hold) => !said.has(`${hold.subject.split('/')[0]} ${hold.reason}`)),
  ]);
}

/** Events of the ModelServing and its pods, oldest first. */
export function eventsOf(model: Model): readonly KubeEvent[] {
  const serving = selectedServing(model);
  if (!serving) return [];
  const { namespace, name } = serving.metadata;
  const names = [...model.data.modelservings.values()]
    .filter((each) => each.metadata.namespace === namespace)
    .map((each) => each.metadata.name);
  const events = [...model.data.events.values()].filter(
    (event) => event.involvedObject.namespace === namespace && ownerOf(event) === name,
  );
  // A drill is told of the pod and of its ModelServing in the same words.
  const drills = new Set(
    events.flatMap(({ reason, message, involvedObject }) =>
      reason.startsWith('Chaos') ? [`${reason} ${involvedObject.name}: ${message}`] : [],
    ),
  );
  return events
    .filter(({ reason, message }) => drills.size === 0 || !drills.has(`${reason} ${message}`))
    .sort((a, b) => (timeOfEvent(a) < timeOfEvent(b) ? -1 : Number(timeOfEvent(a) > timeOfEvent(b))));

  // A pod that is gone left no labels: then the longest ModelServing name that begins the pod's name is its owner.
  function ownerOf(event: KubeEvent): string | undefined {
    const { kind, name: subject } = event.involvedObject;
    if (kind === 'ModelServing') return subject;
    const labelled = model.data.pods.get(`${namespace}/${subject}`)?.metadata.labels?.[label.modelServing];
    return (
      labelled ??
      names.filter((each) => subject.startsWith(`${each}-`)).sort((a, b) => b.length - a.length)[0]
    );
  }
}
