import { readPullMessage } from '../../api/pull-message.js';
import { bar } from './bar.js';
import type { Glyphs } from './glyphs.js';

/** A pull as people look at it: `████░░░░░░ 1.2/4.7 GiB registry/image:tag`; any other text stays. Pure. */
export function pullText(reason: string, glyphs: Glyphs): string {
  const pull = readPullMessage(reason);
  if (pull?.percent === undefined) return reason;
  return `${bar(pull.percent / 100, glyphs)} ${pull.amount} ${pull.image}`;
}
