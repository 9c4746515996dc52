import type { Gang, PodFacts } from './facts.js';

/** Pods that are placed together or not at all. */
export interface Unit {
  readonly pods: readonly PodFacts[];
  /** How people call them; '' for a Pod alone. */
  readonly name: string;
  /** Pods of it that have their room already. */
  readonly placed: readonly PodFacts[];
  /** While it does not fit, what is free is kept for it. */
  readonly keeps: boolean;
  /** Not all of its pods exist yet, in words. */
  readonly incomplete?: string;
  /** The gang that must have its room first. */
  readonly after?: string;
}

/**
 * What waits, as units in the order of their turn: those that were begun, then by age, and within a ModelServing the lower ordinal first,
 * however old. A gang's first instances are one unit; what a gang has beyond that goes by instances. Pure.
 */
export function unitsInOrder(pods: readonly PodFacts[], gangs: readonly Gang[]): Unit[] {
  const byGroup = new Map<string, PodFacts[]>();
  const minimum = new Map(gangs.map((gang) => [gang.group, gang.minimum]));
  const units: Unit[] = [];
  for (const pod of pods) {
    if (pod.deleting) continue;
    if (minimum.has(pod.group)) {
      const before = byGroup.get(pod.group);
      if (before) before.push(pod);
      else byGroup.set(pod.group, [pod]);
    } else if (pod.state === 'waiting') units.push({ pods: [pod], name: '', placed: [], keeps: false });
  }
  for (const [group, members] of byGroup) {
    if (members.some((pod) => pod.state === 'waiting'))
      units.push(...gangUnits(group, members, minimum.get(group) ?? {}));
  }
  const turn = turnOf(pods);
  return units.sort((a, b) => {
    const [first, second] = [a.pods[0] as PodFacts, b.pods[0] as PodFacts];
    return (
      Number(b.placed.length > 0) - Number(a.placed.length > 0) ||
      turn(first) - turn(second) ||
      compareText(first.serving, second.serving) ||
      first.groupOrdinal - second.groupOrdinal ||
      Number(a.after !== undefined) - Number(b.after !== undefined) ||
      inInstanceOrder(first, second)
    );
  });
}

/**
 * Since when a Pod's turn counts: since the oldest Pod of its ModelServing that must not go before it was made, whether that waits or runs. So a
 * lower ordinal that is made anew is not behind its own successors, and nobody's turn changes because somebody else was placed.
 */
function turnOf(pods: readonly PodFacts[]): (pod: PodFacts) => number {
  const oldest = new Map<string, Map<number, number>>();
  for (const { serving, groupOrdinal, createdMs, deleting } of pods) {
    if (serving === '' || deleting) continue;
    const groups = oldest.get(serving) ?? new Map<number, number>();
    oldest.set(serving, groups.set(groupOrdinal, Math.min(createdMs, groups.get(groupOrdinal) ?? createdMs)));
  }
  for (const groups of oldest.values()) {
    let least = Number.POSITIVE_INFINITY;
    for (const ordinal of [...groups.keys()].sort((a, b) => b - a)) {
      least = Math.min(least, groups.get(ordinal) ?? least);
      groups.set(ordinal, least);
    }
  }
  return ({ serving, groupOrdinal, createdMs }) => oldest.get(serving)?.get(groupOrdinal) ?? createdMs;
}

interface Instance {
  readonly role: string;
  readonly ordinal: number;
  readonly pods: PodFacts[];
  readonly complete: boolean;
  readonly placed: number;
}

function gangUnits(
  group: string,
  members: readonly PodFacts[],
  minimum: Readonly<Record<string, number>>,
): Unit[] {
  const name = group.slice(group.indexOf('/') + 1);
  const instances = instancesOf(members);
  const required: Instance[] = [];
  const missing: string[] = [];
  const roles = new Set([...Object.keys(minimum), ...instances.map((each) => each.role)]);
  for (const role of [...roles].sort(compareText)) {
    const wanted = minimum[role] ?? 0;
    const chosen = instances
      .filter((each) => each.role === role)
      .sort(
        (a, b) =>
          Number(b.complete && b.placed === b.pods.length) -
            Number(a.complete && a.placed === a.pods.length) ||
          Number(b.placed > 0) - Number(a.placed > 0) ||
          a.ordinal - b.ordinal,
      )
      .slice(0, wanted);
    const complete = chosen.filter((each) => each.complete).length;
    if (complete < wanted) missing.push(`${complete} of ${wanted} instances of ${role} exist`);
    required.push(...chosen);
  }
  const pods = required.flatMap((each) => each.pods);
  const waiting = pods.filter((pod) => pod.state === 'waiting');
  const gang: Unit[] =
    waiting.length === 0 && missing.length === 0
      ? []
      : [
          {
            pods: waiting,
            name,
            placed: pods.filter((pod) => pod.state !== 'waiting'),
            keeps: true,
            ...(missing.length > 0 && {
              incomplete: `gang ${name} is not complete yet: ${missing.join(', ')}`,
            }),
          },
        ];
  const rest = instances
    .filter((each) => !required.includes(each) && each.placed < each.pods.length)
    .map(
      (each): Unit => ({
        pods: each.pods.filter((pod) => pod.state === 'waiting'),
        name: `${name}-${each.role}-${each.ordinal}`,
        placed: each.pods.filter((pod) => pod.state !== 'waiting'),
        keeps: each.pods.length > 1,
        ...(!each.complete && {
          incomplete: `${name}-${each.role}-${each.ordinal} is not complete yet: ${each.pods.length} of its pods exist`,
        }),
        ...(gang.length > 0 && { after: name }),
      }),
    );
  // A gang of which no pod waits is incomplete only through pods that do not exist yet: what else waits is told so.
  return gang.every((unit) => unit.pods.length > 0)
    ? [...gang, ...rest]
    : rest.map((unit) => ({ ...unit, incomplete: gang[0]?.incomplete ?? '' }));
}

function instancesOf(members: readonly PodFacts[]): Instance[] {
  const found = new Map<string, PodFacts[]>();
  for (const pod of members) {
    const key = `${pod.role} ${pod.roleOrdinal}`;
    const before = found.get(key);
    if (before) before.push(pod);
    else found.set(key, [pod]);
  }
  return [...found.values()]
    .map((pods): Instance => {
      const [first] = pods as [PodFacts];
      return {
        role: first.role,
        ordinal: first.roleOrdinal,
        pods: pods.sort(inInstanceOrder),
        complete: pods.length >= first.instanceSize,
        placed: pods.filter((pod) => pod.state !== 'waiting').length,
      };
    })
    .sort((a, b) => compareText(a.role, b.role) || a.ordinal - b.ordinal);
}

const inInstanceOrder = (a: PodFacts, b: PodFacts): number =>
  compareText(a.role, b.role) ||
  a.roleOrdinal - b.roleOrdinal ||
  a.index - b.index ||
  compareText(a.key, b.key);
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
