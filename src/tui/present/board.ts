/** The stage board: a column per ServingGroup, a row per stage, as the scaling guide prints them. */
import { groupLabel } from '../../api/names.js';
import type { Cell, ScalingOperation, Stage } from '../../api/types/resources.js';
import { operationsOf, shownOperation } from '../model/selected-serving.js';
import { fitText, padText, wrapText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import { age } from './age.js';
import { type Context, titleRow } from './context.js';
import { glyphWidth } from './glyphs.js';
import { type Row, row, type Span, type Style, span } from './styled.js';

const cellStyle: Readonly<Record<Cell, Style>> = { '✅': 'good', '❎': 'busy', '⏳': 'busy', '': 'plain' };
const smallestNote = 24;

/** The board in at most `height` rows; the last stages when not all have room, and the last one's note whole when there is some. */
export function boardRows(context: Context, height: number): Row[] {
  const operation = shownOperation(context.model);
  if (!operation)
    return [titleRow(context, 'Stages'), row(span('no scaling operation yet', 'dim'))].slice(0, height);
  const table = stageTable(context, operation);
  const room = Math.max(1, height - 2);
  const hidden = Math.max(0, table.stages.length - room);
  const note = hidden > 0 ? ` ${context.glyphs.separator} ${hidden} earlier: s` : '';
  const shown = table.stages.slice(hidden);
  const last = shown.at(-1);
  const rows = shown.map((stage) => stage.short);
  if (last && rows.length - 1 + last.whole.length <= room) rows.splice(-1, 1, ...last.whole);
  return [titleRow(context, operationTitle(context, operation) + note), table.head, ...rows].slice(
    0,
    Math.max(height, 1),
  );
}

/** Rows that the board would use if it had all the room. */
export function boardHeight(context: Context): number {
  const operation = shownOperation(context.model);
  if (!operation) return 2;
  const { stages } = stageTable(context, operation);
  return 2 + Math.max(0, stages.length - 1) + (stages.at(-1)?.whole.length ?? 0);
}

/** The board as a text of its own: every stage, notes wrapped, then what is waited for and the legend. */
export function wholeBoard(context: Context): Row[] {
  const operation = shownOperation(context.model);
  if (!operation) return [row(span('no scaling operation yet', 'dim'))];
  const { head, stages } = stageTable(context, operation);
  const { cell } = context.glyphs;
  return [
    head,
    ...stages.flatMap((stage) => stage.whole),
    row(),
    ...operation.status.holds.map((hold) =>
      row(
        span(`${hold.subject || 'ModelServing'} `, 'bold'),
        span(hold.reason, 'busy'),
        `: ${cleanText(hold.message)}`,
      ),
    ),
    row(
      span(
        `${cell['✅']} as wanted   ${cell['❎']} still to be changed   ${cell['⏳']} creating, scaling or deleting`,
        'dim',
      ),
    ),
  ];
}

/** "Operation 4 · replicas 3 → 4 · Running 12s · 2 of 5" */
export function operationTitle({ model, glyphs, nowMs }: Context, operation: ScalingOperation): string {
  const operations = operationsOf(model);
  const { status, spec } = operation;
  const end = status.completedAt === undefined ? nowMs : Date.parse(status.completedAt);
  const place =
    operations.length > 1 ? `${operations.indexOf(operation) + 1} of ${operations.length} [ ]` : '';
  const took = `${status.phase}${status.completedAt ? ' after' : ''} ${age(status.startedAt, end)}`;
  return [`Operation: ${cleanText(spec.change)}`, took, place].filter(Boolean).join(` ${glyphs.separator} `);
}

interface StageTable {
  readonly head: Row;
  /** short: its row with the note cut; whole: its row and the rest of its note below. */
  readonly stages: readonly { readonly short: Row; readonly whole: readonly Row[] }[];
}

function stageTable(context: Context, operation: ScalingOperation): StageTable {
  const { glyphs, columns } = context;
  const { stages } = operation.status;
  const groups = Math.max(0, ...stages.map((stage) => stage.cells.length));
  const nameWidth = `Stage ${stages.length} `.length;
  const cellColumns = Math.max(glyphWidth(glyphs), groupLabel(Math.max(0, groups - 1)).length) + 1;
  const room = columns - nameWidth - Math.min(smallestNote, Math.floor(columns / 3)) - 2;
  const shown = Math.max(1, Math.min(groups, Math.floor(room / cellColumns)));
  const left = firstShown(context, stages, groups, shown);
  const ordinals = Array.from({ length: Math.min(shown, groups - left) }, (_, index) => left + index);
  const before = left > 0 ? '<' : ' ';
  const after = left + shown < groups ? '>' : ' ';
  const noteWidth = Math.max(1, columns - nameWidth - 2 - ordinals.length * cellColumns);

  const head = row(
    span(
      ' '.repeat(nameWidth) +
        before +
        ordinals.map((each) => padText(groupLabel(each), cellColumns)).join('') +
        after,
      'dim',
    ),
  );
  const rowsOf = (stage: Stage, index: number): StageTable['stages'][number] => {
    const current = index === stages.length - 1 && operation.status.phase === 'Running';
    const style = current ? 'bold' : 'plain';
    const cells: Span[] = ordinals.map((ordinal) => {
      const cell = stage.cells[ordinal] ?? '';
      return span(padText(glyphs.cell[cell], cellColumns), cellStyle[cell]);
    });
    const begin = [
      span(`${padText(`Stage ${index + 1}`, nameWidth)} `, current ? 'bold' : 'dim'),
      ...cells,
      ' ',
    ];
    const note = cleanText(stage.note);
    const [first = '', ...rest] = wrapText(note, noteWidth);
    const indent = ' '.repeat(columns - noteWidth);
    return {
      short: row(...begin, span(fitText(note, noteWidth, glyphs.ellipsis), style)),
      whole: [row(...begin, span(first, style)), ...rest.map((text) => row(indent, span(text, style)))],
    };
  };
  return { head, stages: stages.map(rowsOf) };
}

/** Where the reader moved the board, else as far left as shows the ordinal that is worked on. */
function firstShown({ model }: Context, stages: readonly Stage[], groups: number, shown: number): number {
  const last = stages.at(-1)?.cells ?? [];
  const active = last.lastIndexOf('⏳');
  const follows = active < shown ? 0 : active - Math.floor(shown / 2);
  return Math.max(0, Math.min(groups - shown, model.boardLeft ?? follows));
}
