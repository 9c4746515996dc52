import type { Glyphs } from './glyphs.js';

const barCells = 10;

/** `████░░░░░░` of a share between 0 and 1; full only when all is done. Pure. */
export function bar(share: number, { ascii }: Glyphs): string {
  const full = Math.max(0, Math.min(barCells, Math.floor(share * barCells)));
  const [done, left] = ascii ? ['#', '.'] : ['█', '░'];
  return done.repeat(full) + left.repeat(barCells - full);
}
