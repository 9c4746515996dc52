import { groupLabel } from '../../api/names.js';
import type { Stage } from '../../api/types/resources.js';
import { table } from '../../lib/table.js';
import type { Painter } from '../output.js';

const columnCells = 6;

/**
 * The stages of an operation, a row each and a column per ServingGroup. Where the terminal is too narrow for all groups, those that look the
 * same in every stage are left out and counted.
 */
export function stageLines(stages: readonly Pick<Stage, 'cells' | 'note'>[], painter: Painter): string[] {
  const count = Math.max(0, ...stages.map((stage) => stage.cells.length));
  const ordinals = Array.from({ length: count }, (_, at) => at);
  const room = Math.max(1, Math.floor(((painter.columns ?? 200) - 50) / columnCells));
  const changing = ordinals.filter((at) => new Set(stages.map((stage) => stage.cells[at] ?? '')).size > 1);
  const shown = count <= room ? ordinals : changing.length > 0 ? changing : ordinals.slice(0, room);
  const rows = [
    ['STAGE', ...shown.map(groupLabel), 'WHAT HAPPENS'],
    ...stages.map((stage, at) => [
      `${at + 1}`,
      ...shown.map((ordinal) => painter.words(stage.cells[ordinal] ?? '')),
      stage.note,
    ]),
  ];
  const hidden = count - shown.length;
  return hidden > 0
    ? [...table(rows), painter.dim(`(${hidden} more groups stay as they are in all stages)`)]
    : table(rows);
}
