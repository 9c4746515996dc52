/** The stage board, with the plan of a draft beside it, or below it where the screen is narrow. */
import { boardHeight, boardRows } from './board.js';
import type { Context } from './context.js';
import { planRows } from './plan-rows.js';
import { emptyRow, fitRow, type Row, row, rowWidth, span } from './styled.js';

const leastBeside = 110;
const gap = 3;

export function boardsHeight(context: Context): number {
  if (!context.model.draft) return boardHeight(context);
  const [left, right] = halves(context);
  return left && right
    ? Math.max(boardHeight(left), planRows(right).length)
    : boardHeight(context) + planRows(context).length;
}

export function boardsRows(context: Context, height: number): Row[] {
  const { model, glyphs } = context;
  if (!model.draft) return boardRows(context, height);
  const [left, right] = halves(context);
  if (!left || !right) {
    const plan = planRows(context).slice(0, Math.max(2, height - 3));
    return [...boardRows(context, height - plan.length), ...plan].slice(0, height);
  }
  const board = boardRows(left, height);
  const plan = planRows(right).slice(0, height);
  return Array.from({ length: Math.max(board.length, plan.length) }, (_, index) => {
    const before = fitRow(board[index] ?? emptyRow, left.columns, glyphs.ellipsis);
    const filler = ' '.repeat(left.columns - rowWidth(before));
    return row(...before.spans, filler, span(` ${glyphs.rule} `, 'dim'), ...(plan[index]?.spans ?? []));
  });
}

function halves(context: Context): [Context?, Context?] {
  if (context.columns < leastBeside) return [];
  const columns = Math.floor((context.columns - gap) / 2);
  return [
    { ...context, columns },
    { ...context, columns: context.columns - gap - columns },
  ];
}
