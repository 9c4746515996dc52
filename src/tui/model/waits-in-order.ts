import type { Hold } from '../../api/types/resources.js';

/** What an instance waits for is the cause, and first; then what waits for the group that it belongs to, then what waits for that. Pure. */
export function waitsInOrder(holds: readonly Hold[]): readonly Hold[] {
  const isCause = ({ subject }: Hold) => subject.includes('/');
  const groups = new Set(holds.filter(isCause).map(groupOf));
  const waitsForOne = ({ subject, message }: Hold) =>
    [...message.matchAll(/\bG-\d+/g)].some(([label]) => label !== subject && groups.has(label));
  const rank = (hold: Hold) => (isCause(hold) ? 0 : waitsForOne(hold) ? 1 : 2);
  const ranked = holds.map((hold) => ({ hold, at: rank(hold) }));
  return ranked.sort((a, b) => a.at - b.at).map(({ hold }) => hold);
}

/** Where not all have room: of those that are alike one, before its like. */
export function oneOfEachFirst(holds: readonly Hold[]): readonly Hold[] {
  const seen = new Set<string>();
  const repeats: Hold[] = [];
  const firsts = holds.filter((hold) => {
    const kind = `${hold.subject.includes('/') ? groupOf(hold) : ''} ${hold.reason}`;
    if (!seen.has(kind)) return seen.add(kind);
    repeats.push(hold);
    return false;
  });
  return [...firsts, ...repeats];
}

const groupOf = ({ subject }: Hold): string => subject.split('/')[0] ?? '';
