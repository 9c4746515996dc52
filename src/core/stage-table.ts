import { groupLabel } from '../api/names.js';
import type { Stage } from '../api/types/resources.js';

/** The stages as a Markdown table, as in docs/scaling.md: a row per stage, a column per ServingGroup. */
export function stageTable(stages: readonly Pick<Stage, 'cells' | 'note'>[]): string {
  const width = Math.max(0, ...stages.map((stage) => stage.cells.length));
  const columns = Array.from({ length: width }, (_, ordinal) => groupLabel(ordinal));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['Stage', ...columns, 'What happens']),
    line(['---', ...columns.map(() => '---'), '---']),
    ...stages.map((stage, at) =>
      line([`Stage ${at + 1}`, ...columns.map((_, ordinal) => stage.cells[ordinal] ?? ''), stage.note]),
    ),
  ].join('\n');
}
