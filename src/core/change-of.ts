import { countsOf, sameCounts } from './templates.js';
import type { Counts, Desired } from './types.js';

/** What a spec had in force before a change; enough to say in words what changed. */
export interface SpecFacts {
  readonly replicas: number;
  readonly counts: Counts;
  readonly revision: string;
  /** By role, '' for the ServingGroups: what keeps an older template. Undefined in records of before it was kept. */
  readonly partitions?: Readonly<Record<string, string>>;
}

export interface SpecChange {
  readonly kinds: readonly ('create' | 'up' | 'down' | 'roles' | 'template' | 'delete')[];
  /** E.g. "replicas 3 → 4, prefill 1 → 2". '' when nothing that the controller acts on changed. */
  readonly text: string;
}

export const factsOf = (desired: Desired): SpecFacts => ({
  replicas: desired.replicas,
  counts: countsOf(desired.roles),
  revision: desired.revision,
  partitions: partitionsOf(desired),
});

function partitionsOf({ partition, roles }: Desired): Record<string, string> {
  const all = [{ name: '', partition }, ...roles].flatMap(({ name, partition: kept }) =>
    kept === undefined ? [] : [[name, String(kept)]],
  );
  return Object.fromEntries(all);
}

/** `before` is undefined for a ModelServing that is new. */
export function changeOf(before: SpecFacts | undefined, desired: Desired): SpecChange {
  if (desired.deleting) return { kinds: ['delete'], text: 'deleted' };
  const now = factsOf(desired);
  if (!before) return { kinds: ['create'], text: `created with ${now.replicas} replicas` };
  const kinds: SpecChange['kinds'][number][] = [];
  const words: string[] = [];
  if (before.replicas !== now.replicas) {
    kinds.push(before.replicas < now.replicas ? 'up' : 'down');
    words.push(`replicas ${before.replicas} → ${now.replicas}`);
  }
  if (!sameCounts(before.counts, now.counts)) {
    kinds.push('roles');
    const roles = new Set([...Object.keys(before.counts), ...Object.keys(now.counts)]);
    for (const role of roles) {
      const [was, is] = [before.counts[role] ?? 0, now.counts[role] ?? 0];
      if (was !== is) words.push(`${role} ${was} → ${is}`);
    }
  }
  if (before.revision !== now.revision) {
    kinds.push('template');
    words.push(`template ${before.revision} → ${now.revision}`);
  }
  const partitions = partitionChanges(before.partitions ?? now.partitions, now.partitions);
  if (partitions.length > 0 && kinds.length === 0) kinds.push('template');
  words.push(...partitions);
  return { kinds, text: words.join(', ') };
}

function partitionChanges(before: SpecFacts['partitions'] = {}, now: SpecFacts['partitions'] = {}): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((role) => {
    const [was, is] = [before[role] ?? 'none', now[role] ?? 'none'];
    return was === is ? [] : [`${role === '' ? '' : `${role} `}partition ${was} → ${is}`];
  });
}
