/** Why a line of the tree is as it is: the way from the ModelServing down to the cause, and the pod that is to blame. Pure. */
import { label } from '../../api/labels.js';
import { groupLabel, podName } from '../../api/names.js';
import { podSummary } from '../../api/pod-summary.js';
import type { Hold, KubeEvent, Pod } from '../../api/types/resources.js';
import { eventsAbout, isOfPodBefore } from './events-about.js';
import { indexLeftOf } from './index-left-of.js';
import { containersOf, runOf } from './log-state.js';
import type { Model } from './model.js';
import { operationsOf } from './selected-serving.js';
import { allLines } from './tree.js';
import type { TreeLine } from './tree-line.js';

/** Of what is alike, so many are told; the rest is counted. */
const toldOfMany = 3;
const toldEvents = 8;

export interface Why {
  readonly subject: TreeLine;
  /** What was asked about and is gone, while the subject is what it belonged to. */
  readonly gone: string | undefined;
  /** From the ModelServing down: what the subject belongs to, itself, then what of it is not as wanted. */
  readonly chain: readonly TreeLine[];
  /** How many more below the subject are not as wanted. */
  readonly others: number;
  readonly holds: readonly Hold[];
  /** The pod that is looked at closely; undefined: nothing is wrong and nothing ever failed. */
  readonly culprit: Pod | undefined;
  /** Whose failures are asked for: the culprit, or a pod that is gone and waits to be made again. Another run has another key. */
  readonly blamed: { readonly namespace: string; readonly name: string; readonly key: string } | undefined;
  /** The scheduler's arithmetic, while the culprit waits for a place. */
  readonly scheduling: string | undefined;
  /** Of each kind of probe the newest failure. */
  readonly probes: readonly KubeEvent[];
  /** Newest first. */
  readonly events: readonly KubeEvent[];
}

/** undefined: what was asked about is gone, with all that it belonged to. */
export function explain(model: Model, id: string): Why | undefined {
  if (remembered?.data === model.data && remembered.id === id) return remembered.why;
  const why = explainAnew(model, id);
  remembered = { data: model.data, id, why };
  return why;
}
// One remembered answer: a change asks for it, and so does the frame that shows it. Never changes an answer.
let remembered: { data: Model['data']; id: string; why: Why | undefined } | undefined;

function explainAnew(model: Model, id: string): Why | undefined {
  const lines = allLines(model);
  const exact = lines.findIndex((line) => line.id === id);
  const at = exact >= 0 ? exact : indexLeftOf(lines, id);
  const subject = lines[at];
  if (!subject) return undefined;
  const end = lines.findIndex((line, index) => index > at && line.depth <= subject.depth);
  const below = lines.slice(at + 1, end < 0 ? undefined : end);
  const { causes, others } = causesOf(subject, below);
  const worstPod = culpritOf(subject, below);
  const lost = worstPod && podSummary(worstPod).level !== 'good' ? undefined : lostOf([subject, ...below]);
  const culprit = lost ? undefined : worstPod;
  const events = eventsAbout(model, {
    lines: [subject, ...below],
    pods: lost ? [`${lost.namespace}/${lost.name}`] : [],
    place: placeOf(model, subject),
  });
  const holds = holdsOf(model, subject);
  return {
    subject,
    gone: exact >= 0 ? undefined : id.slice(id.lastIndexOf('/') + 1),
    chain: [...ancestors(lines, subject), subject, ...causes],
    others,
    holds,
    culprit,
    blamed: lost ?? (culprit && blame(culprit)),
    scheduling: culprit?.status?.conditions?.find(
      (each) => each.type === 'PodScheduled' && each.status === 'False',
    )?.message,
    probes: newestProbes(model, events, culprit),
    // What is waited for is told by the holds.
    events: events
      .filter(
        (event) => !holds.some((hold) => hold.reason === event.reason && hold.message === event.message),
      )
      .slice(0, toldEvents),
  };
}

function ancestors(lines: readonly TreeLine[], subject: TreeLine): TreeLine[] {
  const found: TreeLine[] = [];
  for (let parent = subject.parent; parent !== undefined; parent = found[0]?.parent) {
    const line = lines.find((each) => each.id === parent);
    if (!line) break;
    found.unshift(line);
  }
  return found;
}

const worst = { bad: 0, busy: 1, good: 2 } as const;
const byTrouble = (a: TreeLine, b: TreeLine): number => worst[a.level] - worst[b.level];

/** What below is not as wanted: the worst of each level, followed down to the last one, with those beside it. */
function causesOf(subject: TreeLine, below: readonly TreeLine[]): { causes: TreeLine[]; others: number } {
  const causes: TreeLine[] = [];
  let others = 0;
  for (let at: TreeLine | undefined = subject; at; ) {
    const parent: string = at.id;
    const wrong = below.filter((line) => line.parent === parent && line.level !== 'good').sort(byTrouble);
    const [first, ...rest] = wrong;
    // Those beside it stand before it, so that what is below it stands under it.
    const beside = rest.slice(0, toldOfMany - 1);
    others += rest.length - beside.length;
    if (first) causes.push(...beside, first);
    at = first;
  }
  return { causes, others };
}

/** The pod in the worst state; when all is well the one that was restarted most. */
function culpritOf(subject: TreeLine, below: readonly TreeLine[]): Pod | undefined {
  if (subject.kind === 'pod' || subject.kind === 'container') return subject.pod;
  const pods = below.filter((line) => line.kind === 'pod');
  const [first] = pods.sort((a, b) => byTrouble(a, b) || b.restarts - a.restarts);
  return first && (first.level !== 'good' || first.restarts > 0) ? first.pod : undefined;
}

const blame = (pod: Pod) => ({
  namespace: pod.metadata.namespace,
  name: pod.metadata.name,
  key: containersOf(pod)
    .map((each) => runOf(pod, each))
    .join(' '),
});

/** The role instance that a group waits for while it has no pod: the group's own reason names it, G-0/decode-0. */
function lostOf(lines: readonly TreeLine[]): Why['blamed'] {
  for (const line of lines) {
    if (line.kind !== 'group' || line.level === 'good') continue;
    const { message } = line.group.status;
    const id = /\bG-\d+\/(\S+) failed/.exec(message)?.[1];
    if (id === undefined) continue;
    const { namespace, name } = line.group.metadata;
    return { namespace, name: podName(name, id, 0), key: message };
  }
  return undefined;
}

/** Holds of the running operation that name the subject, what it belongs to, or something in it. */
function holdsOf(model: Model, subject: TreeLine): Hold[] {
  const newest = operationsOf({ ...model, serving: subject.serving }).at(-1);
  if (newest?.status.phase !== 'Running') return [];
  const place = placeOf(model, subject);
  return newest.status.holds.filter(
    ({ subject: held }) =>
      place === '' ||
      held === '' ||
      held === place ||
      held.startsWith(`${place}/`) ||
      place.startsWith(`${held}/`),
  );
}

/** How holds call a line: '' for a ModelServing, G-3, G-3/decode-0. */
function placeOf(model: Model, line: TreeLine): string {
  switch (line.kind) {
    case 'serving':
      return '';
    case 'group':
      return groupLabel(line.group.spec.ordinal);
    case 'role':
      return `${groupLabel(line.role.spec.groupOrdinal)}/${line.role.spec.roleId}`;
    case 'pod':
    case 'container': {
      const { namespace, labels } = line.pod.metadata;
      const group = model.data.servinggroups.get(`${namespace}/${labels?.[label.group]}`);
      return group ? `${groupLabel(group.spec.ordinal)}/${labels?.[label.roleId]}` : '';
    }
  }
}

/** Of the culprit as it is now; that it was not ready yet says nothing any more when it is. */
function newestProbes(model: Model, events: readonly KubeEvent[], culprit: Pod | undefined): KubeEvent[] {
  if (!culprit) return [];
  const isGood = podSummary(culprit).level === 'good';
  const seen = new Set<string>();
  return events.filter((event) => {
    if (event.reason !== 'Unhealthy' || event.involvedObject.name !== culprit.metadata.name) return false;
    const kind = event.message.split(' ')[0] ?? '';
    if (isOfPodBefore(model, event) || (isGood && kind !== 'Liveness')) return false;
    return !seen.has(kind) && seen.add(kind);
  });
}
