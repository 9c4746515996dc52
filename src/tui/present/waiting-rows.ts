import type { Hold } from '../../api/types/resources.js';
import { waitingFor } from '../model/selected-serving.js';
import { oneOfEachFirst } from '../model/waits-in-order.js';
import { wrapText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import { type Context, titleRow } from './context.js';
import { pullText } from './pull-text.js';
import { type Row, row, rowWidth, span } from './styled.js';
import { withoutSubject } from './without-subject.js';

/** Rows that "Waiting for" would use if it had all the room; 0: nothing is waited for. */
export function waitingHeight(context: Context): number {
  const holds = waitingFor(context.model);
  if (holds.length === 0) return 0;
  // More of them than the screen has rows need not be broken into lines.
  const told = holds.slice(0, context.model.size.rows);
  return 1 + holds.length - told.length + told.reduce((sum, hold) => sum + holdRows(context, hold).length, 0);
}

/** "Waiting for": each hold with its reason, in at most `height` rows with the title; nothing when nothing is waited for. */
export function waitingRows(context: Context, height: number): Row[] {
  const holds = waitingFor(context.model);
  if (holds.length === 0 || height < 2) return [];
  const room = height - 1;
  const shown = holds.length > room ? oneOfEachFirst(holds).slice(0, room) : holds;
  const more = holds.length > room ? ` (${holds.length - room} more: s)` : '';
  let spare = room - shown.length;
  const rows = shown.flatMap((hold) => {
    const whole = holdRows(context, hold);
    // Whole where there is room for it, else what begins it.
    if (whole.length - 1 > spare) return [holdRow(context, hold)];
    spare -= whole.length - 1;
    return whole;
  });
  return [titleRow(context, `Waiting for${more}`), ...rows];
}

const headOf = ({ subject, reason }: Hold): Row =>
  row(span(`${subject || 'ModelServing'} `, 'bold'), span(cleanText(reason), 'busy'));
const wordsOf = ({ glyphs }: Context, { subject, message }: Hold): string =>
  `: ${pullText(cleanText(withoutSubject(message, `${subject} `)), glyphs)}`;

const holdRow = (context: Context, hold: Hold): Row => row(...headOf(hold).spans, wordsOf(context, hold));

/** A hold with nothing of it cut. */
export function holdRows(context: Context, hold: Hold): Row[] {
  const head = headOf(hold);
  const width = rowWidth(head);
  const text = `${' '.repeat(width)}${wordsOf(context, hold)}`;
  const [first = '', ...rest] = wrapText(text, context.columns - 2);
  return [row(...head.spans, first.slice(width)), ...rest.map((more) => row(`  ${more}`))];
}
