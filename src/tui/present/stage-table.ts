import type { Cell, Stage } from '../../api/types/resources.js';
import { cellWidth, fitText, padText, wrapText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import { age } from './age.js';
import type { Context } from './context.js';
import { type Glyphs, glyphWidth } from './glyphs.js';
import { columnLabel, columnWidth, shownColumns } from './stage-columns.js';
import { type Row, row, type Span, type Style, span } from './styled.js';

const cellStyle: Readonly<Record<Cell, Style>> = { '✅': 'good', '❎': 'busy', '⏳': 'busy', '': 'plain' };
const smallestNote = 24;
/** Words beside the signs leave this to the notes. */
const noteBesideWords = 40;
/** What a sign says; the board has them where they have room, and its legend always. */
const cellWords: Readonly<Record<Cell, string>> = { '✅': 'ok', '❎': 'old', '⏳': 'busy', '': '' };

/** A sign with its word, where it does not say it itself. */
export const cellText = ({ cell: signs }: Glyphs, cell: Cell): string =>
  signs[cell] === `[${cellWords[cell]}]` ? signs[cell] : `${signs[cell]} ${cellWords[cell]}`;

export interface Stages {
  readonly stages: readonly Stage[];
  /** The last one is being worked on. */
  readonly isRunning: boolean;
}

export interface StageTable {
  readonly head: Row;
  /** Whether a column stands for several groups. */
  readonly folded: boolean;
  readonly stages: readonly ShownStage[];
}
/** short: its row with the note cut; whole: its row and the rest of its note below. */
export interface ShownStage {
  readonly short: Row;
  readonly whole: readonly Row[];
}

/** The stages from a number (counted from 0) up to another one, with the columns that these need. */
export function stageTable(
  context: Context,
  { stages: all, isRunning }: Stages,
  from: number,
  to: number = all.length,
): StageTable {
  const { glyphs, columns, model, nowMs } = context;
  const stages = all.slice(from, to);
  const nameWidth = `Stage ${all.length} `.length;
  const least = Math.max(glyphWidth(glyphs), 'G-0'.length) + 1;
  const withWord = glyphWidth(glyphs) + ' busy '.length;
  const count = Math.max(0, ...stages.map((stage) => stage.cells.length));
  const hasWords = columns - nameWidth - 2 - count * withWord >= noteBesideWords;
  const room = columns - nameWidth - Math.min(smallestNote, Math.floor(columns / 3)) - 2;
  const shown = shownColumns(stages, room, least, model.boardLeft);
  const widths = shown.columns.map((column) => columnWidth(column, hasWords ? withWord : least));
  const used = widths.reduce((sum, width) => sum + width, 0);
  const noteWidth = Math.max(1, columns - nameWidth - 2 - used);

  const labels = shown.columns
    .map((column, at) => padText(columnLabel(column), widths[at] ?? least))
    .join('');
  const head = row(
    span(`${' '.repeat(nameWidth)}${shown.before ? '<' : ' '}${labels}${shown.after ? '>' : ' '}`, 'dim'),
  );
  const rowsOf = (stage: Stage, index: number): ShownStage => {
    const number = from + index;
    const current = number === all.length - 1 && isRunning;
    const style = current ? 'bold' : 'plain';
    const cells: Span[] = shown.columns.map(({ first }, at) => {
      const cell = stage.cells[first] ?? '';
      const text = hasWords ? cellText(glyphs, cell) : glyphs.cell[cell];
      return span(padText(text, widths[at] ?? least), cellStyle[cell]);
    });
    const begin = [
      span(`${padText(`Stage ${number + 1}`, nameWidth)} `, current ? 'bold' : 'dim'),
      ...cells,
      ' ',
    ];
    const since = current ? age(stage.startedAt, nowMs) : '';
    const time = since && noteWidth >= smallestNote ? ` ${glyphs.separator} ${since}` : '';
    const note = cleanText(stage.note);
    const [first = '', ...rest] = wrapText(note + time, noteWidth);
    const indent = ' '.repeat(columns - noteWidth);
    const short = fitText(note, noteWidth - cellWidth(time), glyphs.ellipsis) + time;
    return {
      short: row(...begin, span(short, style)),
      whole: [row(...begin, span(first, style)), ...rest.map((text) => row(indent, span(text, style)))],
    };
  };
  return { head, folded: shown.folded, stages: stages.map(rowsOf) };
}
