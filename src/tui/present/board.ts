/** The stage board: a column per ServingGroup or range of them, a row per stage, as the scaling guide prints them. */
import type { ScalingOperation } from '../../api/types/resources.js';
import { progressOf } from '../model/progress.js';
import { operationsOf, shownOperation } from '../model/selected-serving.js';
import { waitsInOrder } from '../model/waits-in-order.js';
import { cellWidth, fitText, wrapText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import { age } from './age.js';
import { bar } from './bar.js';
import { type Context, titleRow } from './context.js';
import { cellText, type ShownStage, type Stages, stageTable } from './stage-table.js';
import { fitRow, type Row, row, span } from './styled.js';
import { holdRows } from './waiting-rows.js';

/** What a change keeps of its title, and the cells that the rule around a title takes. */
const leastChange = 24;
const titleFrame = 5;
/** With fewer rows than this the stages need all of them. */
const leastForProgress = 5;
/** The whole board of groups that are folded has a head of its own for so many stages: few are apart in each. */
const stagesPerHead = 8;

/** The board in at most `height` rows; the last stages when not all have room, and the last one's note whole when there is some. */
export function boardRows(context: Context, height: number): Row[] {
  const operation = shownOperation(context.model);
  if (!operation)
    return [titleRow(context, 'Stages'), row(span(noOperation(context), 'dim'))].slice(0, height);
  const progress = height >= leastForProgress ? progressRows(context, operation) : [];
  const room = Math.max(1, height - 2 - progress.length);
  const hidden = Math.max(0, operation.status.stages.length - room);
  const table = stageTable(context, stagesOf(operation), hidden);
  const notes = [hidden > 0 ? `${hidden} earlier: s` : '', table.folded ? 'folded: < >' : ''].filter(Boolean);
  const last = table.stages.at(-1);
  const rows = table.stages.map((stage) => stage.short);
  if (last) rows.splice(-1, 1, ...inRows(context, last, room - rows.length + 1));
  return [
    titleRow(context, operationTitle(context, operation, notes)),
    ...progress,
    table.head,
    ...rows,
  ].slice(0, Math.max(height, 1));
}

const meanings = {
  '✅': 'as wanted',
  '❎': 'to be changed',
  '⏳': 'creating, scaling, deleting',
} as const;

const stagesOf = ({ status }: ScalingOperation): Stages => ({
  stages: status.stages,
  isRunning: status.phase === 'Running',
});

const noOperation = ({ model }: Context): string =>
  model.synced.has('scalingoperations') ? 'no scaling operation yet' : 'loading';

/** A stage with as much of its note as there is room for. */
function inRows({ columns, glyphs }: Context, { short, whole }: ShownStage, room: number): readonly Row[] {
  if (whole.length <= room) return whole;
  if (room < 2) return [short];
  const spans = whole[room - 1]?.spans ?? [];
  return [...whole.slice(0, room - 1), fitRow(row(...spans, glyphs.ellipsis), columns, glyphs.ellipsis)];
}

/** Rows that the board would use if it had all the room. */
export function boardHeight(context: Context): number {
  const operation = shownOperation(context.model);
  if (!operation) return 2;
  const { length } = operation.status.stages;
  const last = stageTable(
    context,
    stagesOf(operation),
    Math.max(0, length - context.model.size.rows),
  ).stages.at(-1);
  return 2 + progressRows(context, operation).length + Math.max(0, length - 1) + (last?.whole.length ?? 0);
}

/** The board as a text of its own: every stage, notes wrapped, then what is waited for and the legend. */
export function wholeBoard(context: Context): Row[] {
  const operation = shownOperation(context.model);
  if (!operation) return [row(span(noOperation(context), 'dim'))];
  return [
    ...progressRows(context, operation),
    ...wholeStages(context, operation),
    row(),
    ...waitsInOrder(operation.status.holds).flatMap((hold) => holdRows(context, hold)),
    ...wrapText(
      (['✅', '❎', '⏳'] as const)
        .map((each) => `${cellText(context.glyphs, each)}: ${meanings[each]}`)
        .join('   '),
      context.columns,
    ).map((text) => row(span(text, 'dim'))),
  ];
}

function wholeStages(context: Context, operation: ScalingOperation): Row[] {
  const whole = stageTable(context, stagesOf(operation), 0);
  if (!whole.folded) return [whole.head, ...whole.stages.flatMap((stage) => stage.whole)];
  const rows: Row[] = [];
  for (let from = 0; from < operation.status.stages.length; from += stagesPerHead) {
    const { head, stages } = stageTable(context, stagesOf(operation), from, from + stagesPerHead);
    rows.push(head, ...stages.flatMap((stage) => stage.whole));
  }
  return rows;
}

/** `████░░░░░░ 3/4 groups   ██████░░░░ 7/8 pods ready` */
function progressRows({ model, glyphs }: Context, operation: ScalingOperation): Row[] {
  const shown = progressOf(model, operation);
  if (shown.length === 0) return [];
  const spans = shown.flatMap(({ what, done, all }, index) => [
    span(`${index > 0 ? '   ' : ''}${bar(done / all, glyphs)}`, 'busy'),
    ` ${done}/${all} ${what}`,
  ]);
  return [row(...spans)];
}

/** "Operation: replicas 3 → 4 · Running 12s · 2 of 5": of a long change the beginning, so that what comes after it has room. */
export function operationTitle(
  { model, glyphs, nowMs, columns }: Context,
  { metadata, spec, status }: ScalingOperation,
  notes: readonly string[] = [],
): string {
  const operations = operationsOf(model);
  const end = status.completedAt === undefined ? nowMs : Date.parse(status.completedAt);
  const at = operations.findIndex((each) => each.metadata.name === metadata.name);
  const place = operations.length > 1 ? `${at + 1} of ${operations.length} [ ]` : '';
  const took = `${status.phase}${status.completedAt ? ' after' : ''} ${age(status.startedAt, end)}`;
  const sep = ` ${glyphs.separator} `;
  const rest = [took, place, ...notes].filter(Boolean).map((each) => sep + each);
  const room = columns - titleFrame - cellWidth(rest.join(''));
  const change = fitText(
    `Operation: ${cleanText(spec.change)}`,
    Math.max(leastChange, room),
    glyphs.ellipsis,
  );
  return change + rest.join('');
}
