/** Which ServingGroups share a column of the stage board, and which columns have room. Pure. */
import { groupLabel } from '../../api/names.js';
import type { Cell, Stage } from '../../api/types/resources.js';

/** Neighbouring groups that stand the same in every stage shown: one column says it for all of them. */
export interface StageColumn {
  readonly first: number;
  readonly last: number;
}
export interface ShownColumns {
  readonly columns: readonly StageColumn[];
  readonly before: boolean;
  readonly after: boolean;
  /** Whether a column stands for several groups. */
  readonly folded: boolean;
}

/** `G-3`, or `G-0..30` for a range. */
export const columnLabel = ({ first, last }: StageColumn): string =>
  first === last ? groupLabel(first) : `${groupLabel(first)}..${last}`;

/**
 * A column per group where all have room in `cells`, else neighbours that do not differ folded into ranges, and of those the ones around
 * the work. `left`: the reader chose the first group to see: nothing is folded.
 */
export function shownColumns(
  stages: readonly Pick<Stage, 'cells'>[],
  cells: number,
  least: number,
  left: number | undefined,
): ShownColumns {
  const count = Math.max(0, ...stages.map((stage) => stage.cells.length));
  const single = Array.from({ length: count }, (_, ordinal) => ({ first: ordinal, last: ordinal }));
  const width = (columns: readonly StageColumn[]) =>
    columns.reduce((sum, column) => sum + columnWidth(column, least), 0);
  const isAll = width(single) <= cells;
  const wanted = isAll || left !== undefined ? single : foldEqual(stages, count);
  const fold = wanted.length < single.length;
  if (width(wanted) <= cells) return { columns: wanted, before: false, after: false, folded: fold };
  const at = left ?? Math.max(0, activeColumn(stages.at(-1)?.cells ?? [], wanted));
  const begin = left === undefined ? startAround(wanted, at) : Math.min(at, lastStart());
  let end = begin;
  let used = 0;
  for (const column of wanted.slice(begin)) {
    used += columnWidth(column, least);
    if (used > cells && end > begin) break;
    end += 1;
  }
  return { columns: wanted.slice(begin, end), before: begin > 0, after: end < wanted.length, folded: fold };

  /** The work stands in the middle, and no room is left empty at the end. */
  function startAround(columns: readonly StageColumn[], active: number): number {
    let start = active;
    let taken = columnWidth(columns[active] ?? { first: 0, last: 0 }, least);
    for (let each = active - 1; each >= 0; each--) {
      taken += columnWidth(columns[each] ?? { first: 0, last: 0 }, least);
      if (taken > cells / 2) break;
      start = each;
    }
    return Math.min(start, lastStart());
  }
  /** The first column from where on all the rest has room. */
  function lastStart(): number {
    let taken = 0;
    for (let each = wanted.length - 1; each >= 0; each--) {
      taken += columnWidth(wanted[each] ?? { first: 0, last: 0 }, least);
      if (taken > cells) return Math.min(wanted.length - 1, each + 1);
    }
    return 0;
  }
}

/** Cells that a column takes; `least`: those of its sign, with a space. */
export const columnWidth = (column: StageColumn, least: number): number =>
  Math.max(least, columnLabel(column).length + 1);

function foldEqual(stages: readonly Pick<Stage, 'cells'>[], count: number): StageColumn[] {
  const signOf = (ordinal: number) => stages.map(({ cells }) => cells[ordinal] ?? '').join(',');
  const columns: StageColumn[] = [];
  let before: string | undefined;
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const sign = signOf(ordinal);
    const last = columns.at(-1);
    if (last && sign === before) columns[columns.length - 1] = { ...last, last: ordinal };
    else columns.push({ first: ordinal, last: ordinal });
    before = sign;
  }
  return columns;
}

const activeColumn = (cells: readonly Cell[], columns: readonly StageColumn[]): number => {
  const active = cells.lastIndexOf('⏳');
  return columns.findIndex(({ first, last }) => first <= active && active <= last);
};
