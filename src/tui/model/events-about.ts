/** The events that tell of a line of the tree, and whether they are of the pod that is there now. Pure. */
import { timeOfEvent } from '../../api/time-of-event.js';
import type { KubeEvent } from '../../api/types/resources.js';
import { keyOf, type Model } from './model.js';
import type { TreeLine } from './tree-line.js';

/**
 * Newest first: those of the pods, and those of the ModelServing that begin with the place (G-3, G-3/decode-0) or with something in it.
 * `place` is '' for the ModelServing itself: then all of its own.
 */
export function eventsAbout(
  model: Model,
  { lines, pods, place }: { lines: readonly TreeLine[]; pods: readonly string[]; place: string },
): KubeEvent[] {
  const names = new Set([
    ...pods,
    ...lines.flatMap((line) => (line.kind === 'pod' || line.kind === 'container' ? [keyOf(line.pod)] : [])),
  ]);
  const serving = lines[0]?.serving;
  const isAbout = ({ involvedObject: { kind, namespace, name }, message }: KubeEvent): boolean => {
    const key = `${namespace}/${name}`;
    if (kind === 'Pod') return names.has(key);
    if (kind !== 'ModelServing' || key !== serving) return false;
    return place === '' || (message.startsWith(place) && /^(?:[ :,/]|$)/.test(message.slice(place.length)));
  };
  return [...model.data.events.values()]
    .filter(isAbout)
    .sort((a, b) => timeOfEvent(b).localeCompare(timeOfEvent(a)));
}

/** Of an earlier pod of the same name. */
export function isOfPodBefore({ data }: Model, { involvedObject }: KubeEvent): boolean {
  const { kind, namespace, name, uid } = involvedObject;
  if (kind !== 'Pod' || uid === undefined) return false;
  const pod = data.pods.get(`${namespace}/${name}`);
  return pod !== undefined && pod.metadata.uid !== uid;
}
