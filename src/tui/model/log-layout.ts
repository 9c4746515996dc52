/** Where the lines of a log stand on the screen: the columns beside their text, and the rows that wrapped ones take. Pure. */
import { cellWidth, rowStarts } from '../text/cell-width.js';
import { partsOf } from './log-pattern.js';
import { type LogLine, type LogState, shownLogLines } from './log-state.js';
import { streamNames, timeWord } from './log-text.js';
import type { Model } from './model.js';

/** In cells; 0: not shown. */
export interface LogColumns {
  readonly time: number;
  readonly name: number;
  readonly text: number;
}

export function logColumns(logs: LogState, columns: number): LogColumns {
  const widest = Math.max(0, ...streamNames(logs).map(cellWidth));
  const name = Math.min(widest, Math.floor(columns / 3));
  const time = logs.timestamps && columns >= 60 ? timeWord(1).length + 1 : 0;
  return { time, name, text: Math.max(10, columns - time - (name > 0 ? name + 2 : 0)) };
}

/** Rows of a wrapped line, of `cells` cells each. */
export function rowsOfLine(line: LogLine, cells: number): number {
  if (line.isPlain) return Math.max(1, Math.ceil(line.text.length / cells));
  const known = counted.get(line);
  if (known?.cells === cells) return known.rows;
  const rows = rowStarts(line.text, cells).length;
  counted.set(line, { cells, rows });
  return rows;
}
const counted = new WeakMap<LogLine, { readonly cells: number; readonly rows: number }>();

/** Rows of all lines from an index on. */
export function rowsFrom(logs: LogState, columns: number, shown: readonly LogLine[], index: number): number {
  if (!logs.wrap) return shown.length - index;
  const { text } = logColumns(logs, columns);
  let rows = 0;
  for (let at = index; at < shown.length; at += 1) rows += rowsOfLine(shown[at] as LogLine, text);
  return rows;
}

/** The line at the bottom of the screen when `scroll` rows are below it, and how many rows of its own are. undefined: there is none. */
export function lineAbove(
  logs: LogState,
  columns: number,
  shown: readonly LogLine[],
  scroll: number,
): { readonly index: number; readonly hidden: number } | undefined {
  if (!logs.wrap) return scroll < shown.length ? { index: shown.length - 1 - scroll, hidden: 0 } : undefined;
  const { text } = logColumns(logs, columns);
  let hidden = scroll;
  for (let index = shown.length - 1; index >= 0; index -= 1) {
    const rows = rowsOfLine(shown[index] as LogLine, text);
    if (hidden < rows) return { index, hidden };
    hidden -= rows;
  }
  return undefined;
}

/** The scroll that leaves what is read where it is, in a log that is followed no more. */
export function keepPlace(before: Model, after: Model): Model {
  if (!before.logs || !after.logs || after.logs.follow) return after;
  const seen = shownLogLines(before.logs);
  const bottom = lineAbove(before.logs, before.size.columns, seen, before.scroll);
  const line = bottom && seen[bottom.index];
  if (!line) return after;
  const shown = shownLogLines(after.logs);
  const index = shown.lastIndexOf(line);
  if (index < 0) return after;
  const { columns } = after.size;
  const rows = after.logs.wrap ? rowsOfLine(line, logColumns(after.logs, columns).text) : 1;
  const hidden = Math.min(bottom.hidden, rows - 1);
  return { ...after, scroll: rowsFrom(after.logs, columns, shown, index + 1) + hidden };
}

/** The scroll that has the first match of a line in the middle of the screen. */
export function scrollToMatch(
  { size }: Model,
  logs: LogState,
  shown: readonly LogLine[],
  line: LogLine,
): number {
  const below = rowsFrom(logs, size.columns, shown, shown.indexOf(line) + 1);
  return Math.max(0, below + rowsAfterMatch(logs, size.columns, line) - Math.floor(size.rows / 2));
}

function rowsAfterMatch(logs: LogState, columns: number, line: LogLine): number {
  if (!logs.wrap || !logs.search) return 0;
  const [before] = partsOf(logs.search.pattern, line.text);
  const starts = rowStarts(line.text, logColumns(logs, columns).text);
  return starts.filter((start) => start > (before?.text.length ?? 0)).length;
}

/** How far cut lines can be scrolled to the right: until the end of the longest is seen. */
export function mostLeft(logs: LogState, columns: number): number {
  let longest = 0;
  for (const { text, isPlain } of shownLogLines(logs))
    longest = Math.max(longest, isPlain ? text.length : cellWidth(text));
  return Math.max(0, longest - logColumns(logs, columns).text);
}
