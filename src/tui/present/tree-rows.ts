import { selectedIndex, type TreeLine, treeLines } from '../model/tree.js';
import { cellWidth, padText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import { age } from './age.js';
import { type Context, titleRow } from './context.js';
import { glyphWidth } from './glyphs.js';

import { reasonsOf } from './reasons-of.js';
import { type Row, row, span } from './styled.js';
import { type PlaceColumn, placeColumns } from './tree-columns.js';

/** What a reason keeps of the width before addresses get any. */
const leastReason = 20;
/** In the tree of all the places come first; `y` tells the reasons whole. */
const leastReasonInTree = 10;
/** Less of a reason than this says nothing. */
const leastToRead = 13;

interface Columns {
  readonly name: number;
  readonly ready: number;
  readonly status: number;
  readonly restarts: number;
  readonly age: number;
  readonly places: readonly PlaceColumn[];
  readonly hasReason: boolean;
}

/** Title, head and the lines around the selection, in `height` rows. Only lines on screen are formatted. */
export function treeRows(context: Context, height: number): Row[] {
  const { model } = context;
  const lines = treeLines(model);
  const filter = model.filter === '' ? '' : ` matching "${model.filter}"`;
  const order = model.sort === 'name' ? '' : `, ${sortWords[model.sort]}`;
  const what = `${model.view === 'tree' ? 'All ModelServings' : 'ServingGroups, roles, pods'}${order}${filter}`;
  const title = titleRow(context, what);
  if (lines.length === 0) return [title, row(span(emptyWords(context), 'dim'))].slice(0, height);
  const selected = selectedIndex(model);
  const room = Math.max(1, height - 2);
  // As long as nobody chose a line, what is below the one that is watched tells more than what is above it.
  const above = model.selected.id === '' ? Math.min(1, Math.floor(room / 4)) : Math.floor(room / 2);
  const top = Math.max(0, Math.min(lines.length - room, selected - above));
  const visible = lines.slice(top, top + room);
  const reasons = reasonsOf(context, visible);
  const columns = columnsFor(context, visible, reasons);
  const below = lines.length - top - visible.length;
  const more = [top > 0 ? `${top} above` : '', below > 0 ? `${below} below` : ''].filter(Boolean).join(', ');
  return [
    more ? titleRow(context, `${what} (${more})`) : title,
    headRow(columns),
    ...visible.map((line, index) =>
      lineRow(context, columns, line, reasons[index] ?? '', top + index === selected),
    ),
  ].slice(0, height);
}

const sortWords = {
  trouble: 'trouble first',
  restarts: 'most restarts first',
  age: 'youngest first',
} as const;

function emptyWords({ model }: Context): string {
  if (model.filter !== '') return 'nothing matches; esc clears the filter';
  if (!model.synced.has('servinggroups')) return 'loading';
  return model.view === 'tree' ? 'no ModelServing' : 'no ServingGroup';
}

/** Narrow screens lose first what pods use, then GPUs and addresses, then the age and the restarts, then the reason. */
function columnsFor(context: Context, visible: readonly TreeLine[], reasons: readonly string[]): Columns {
  const { columns, glyphs } = context;
  const longest = Math.max(4, ...visible.map((line) => cellWidth(line.name) + line.depth * 2 + 4));
  const words = Math.max(6, ...visible.map((line) => cellWidth(line.word)));
  const ready = Math.max(5, ...visible.map((line) => line.readyText.length)) + 2;
  const status = Math.min(words, columns < 60 ? 11 : 22) + glyphWidth(glyphs) + 3;
  const ageWidth = columns < 60 ? 0 : 7;
  const restarts = columns < 60 ? 0 : columns < 100 ? 5 : 10;
  const rest = columns - 2 - ready - status - restarts - ageWidth;
  const reason = Math.max(0, ...reasons.map(cellWidth));
  // A long name leaves a quarter to the reasons, where there are any.
  const kept = Math.min(reason, Math.floor(rest / 4));
  const name = Math.max(8, Math.min(longest, rest - (kept >= leastToRead ? kept : 0)));
  const least = context.model.view === 'tree' ? leastReasonInTree : leastReason;
  const places = placeColumns(context, visible, rest - name - least);
  const taken = name + places.reduce((sum, each) => sum + each.width, 0);
  return { name, ready, status, restarts, age: ageWidth, places, hasReason: rest - taken >= leastToRead };
}

function headRow(columns: Columns): Row {
  const text =
    `  ${padText('NAME', columns.name)}${padText('READY', columns.ready)}${padText('STATUS', columns.status)}` +
    `${padText(columns.restarts > 8 ? 'RESTARTS' : 'RST', columns.restarts)}${padText('AGE', columns.age)}${columns.places.map((each) => padText(each.title, each.width)).join('')}${columns.hasReason ? 'REASON' : ''}`;
  return row(span(text, 'dim'));
}

function lineRow(
  { glyphs, nowMs }: Context,
  columns: Columns,
  line: TreeLine,
  reason: string,
  selected: boolean,
): Row {
  const mark = line.open === undefined ? '  ' : `${line.open ? glyphs.open : glyphs.closed} `;
  const indent = '  '.repeat(line.depth) + mark;
  const name = padText(line.name, columns.name - indent.length - 1, glyphs.ellipsis, line.kind === 'pod');
  const word = padText(
    `${glyphs.level[line.level]} ${cleanText(line.word)}`,
    columns.status - 2,
    glyphs.ellipsis,
  );
  const cells = row(
    selected ? `${glyphs.pointer} ` : '  ',
    span(`${indent}${name} `, line.kind === 'group' || line.kind === 'serving' ? 'bold' : 'plain'),
    padText(line.readyText, columns.ready),
    span(`${word}  `, line.level),
    padText(columns.restarts ? String(line.restarts) : '', columns.restarts),
    padText(columns.age ? age(line.createdAt, nowMs) : '', columns.age),
    ...columns.places.map(({ textOf, width }) => `${padText(textOf(line), width - 2, glyphs.ellipsis)}  `),
    span(columns.hasReason ? reason : '', line.level === 'bad' ? 'bad' : 'plain'),
  );
  return { ...cells, selected, id: line.id };
}
