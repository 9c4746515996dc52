import { wrapText } from '../text/cell-width.js';
import type { Context } from './context.js';
import { type Row, row, span } from './styled.js';

/** What a command said, wrapped, and how it ended. */
export function outputRows({ model, columns }: Context): Row[] {
  const { output } = model;
  if (!output) return [row(span('no command was run yet', 'dim'))];
  const rows = output.lines.flatMap((line) => wrapText(line, columns)).map((line) => row(line));
  if (output.state === 'running') return [...rows, row(span('running; esc stops it', 'busy'))];
  const end = output.exitCode === 0 ? 'ended' : `exit code ${output.exitCode}`;
  return [...rows, row(span(end, output.exitCode === 0 ? 'dim' : 'bad'))];
}
