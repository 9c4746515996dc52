import { readPullMessage } from '../../api/pull-message.js';
import type { Glyphs } from './glyphs.js';

const barCells = 10;

/** A pull as people look at it: `████░░░░░░ 1.2/4.7 GiB registry/image:tag`; any other text stays. Pure. */
export function pullText(reason: string, { ascii }: Glyphs): string {
  const pull = readPullMessage(reason);
  if (pull?.percent === undefined) return reason;
  const full = Math.min(barCells, Math.floor((pull.percent * barCells) / 100));
  const [done, left] = ascii ? ['#', '.'] : ['█', '░'];
  return `${done.repeat(full)}${left.repeat(barCells - full)} ${pull.amount} ${pull.image}`;
}
