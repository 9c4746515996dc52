import { label } from '../api/labels.js';
import type { Pod } from '../api/types/resources.js';

/**
 * The pods that a word means: a pod's name, a role instance (`decode-0`, `sample-1-decode-0`), a ServingGroup (`sample-1`, `G-1`,
 * `group/1`) or all pods of a ModelServing (`ms/sample`). Those that are going are left out. Pure.
 */
export function drillTargets(pods: readonly Pod[], word: string | undefined): Pod[] {
  const alive = pods.filter((pod) => !pod.metadata.deletionTimestamp);
  const ordinal = word && /^(?:group\/|sg\/|G-)(\d+)$/.exec(word)?.[1];
  const serving = word && /^(?:ms|modelserving)\/(.+)$/.exec(word)?.[1];
  const name = word?.replace(/^(?:pod|role|sg|servinggroup)\//, '');
  return alive
    .filter(({ metadata }) => {
      if (word === undefined) return true;
      const labels = metadata.labels ?? {};
      const [group, id, owner] = [labels[label.group], labels[label.roleId], labels[label.modelServing]];
      if (ordinal) return group === `${owner}-${ordinal}`;
      if (serving) return owner === serving;
      return [metadata.name, group, id, `${group}-${id}`].includes(name);
    })
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** So many of them, which the random numbers choose; no one twice. Pure but for those. */
export function pickSome<T>(all: readonly T[], count: number, random: () => number): T[] {
  const left = [...all];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0)
    chosen.push(...left.splice(Math.floor(random() * left.length), 1));
  return chosen;
}
