import { cellWidth, fitText } from '../text/cell-width.js';

/** What a piece of text is, not how it looks: the terminal layer has one look per style, and no meaning hangs on colour alone. */
export type Style =
  | 'plain'
  | 'dim'
  | 'bold'
  | 'title'
  | 'good'
  | 'busy'
  | 'bad'
  | 'key'
  | 'match'
  | SourceStyle;
/** Of names that stand beside each other, so that one sees which are the same. */
export const sourceStyles = ['source0', 'source1', 'source2', 'source3', 'source4', 'source5'] as const;
export type SourceStyle = (typeof sourceStyles)[number];
export interface Span {
  readonly text: string;
  readonly style: Style;
}
/** One line of the screen. `selected`: shown in reverse over its whole width. */
export interface Row {
  readonly spans: readonly Span[];
  readonly selected: boolean;
  /** Of the line of the tree that stands here: a click means it. */
  readonly id?: string;
}

export const span = (text: string, style: Style = 'plain'): Span => ({ text, style });
export const row = (...spans: (Span | string)[]): Row => ({
  spans: spans
    .map((each) => (typeof each === 'string' ? span(each) : each))
    .filter((each) => each.text !== ''),
  selected: false,
});
export const emptyRow: Row = { spans: [], selected: false };

export const rowWidth = (line: Row): number =>
  line.spans.reduce((sum, each) => sum + cellWidth(each.text), 0);
export const rowText = (line: Row): string => line.spans.map((each) => each.text).join('');

/** The row with no more than `cells` cells, an ellipsis where it was cut. */
export function fitRow(line: Row, cells: number, ellipsis: string): Row {
  if (rowWidth(line) <= cells) return line;
  const spans: Span[] = [];
  let room = cells;
  for (const [index, each] of line.spans.entries()) {
    const width = cellWidth(each.text);
    const more = line.spans.slice(index + 1).some((later) => later.text.trim() !== '');
    if (width < room || (width === room && !more)) {
      spans.push(each);
      room -= width;
      continue;
    }
    spans.push({ ...each, text: fitText(width <= room ? `${each.text} ` : each.text, room, ellipsis) });
    break;
  }
  return { ...line, spans };
}
