import { containersOf, shownLogLines } from '../model/log-state.js';
import { cellWidth, wrapText } from '../text/cell-width.js';
import { type Context, titleRow } from './context.js';
import { type Row, row, span } from './styled.js';

export interface ScrolledRows {
  readonly rows: readonly Row[];
  /** How far the view can be scrolled. */
  readonly maxScroll: number;
}

/** The log, its last lines at the bottom (less `scroll` of them), in `height` rows. Formats only what is seen. */
export function logRows(context: Context, height: number): ScrolledRows {
  const { model, columns, glyphs } = context;
  const { logs } = model;
  if (!logs) return { rows: [], maxScroll: 0 };
  const pod = model.data.pods.get(`${logs.namespace}/${logs.pod}`);
  const names = pod ? containersOf(pod) : [];
  const place = names.length > 1 ? ` (${names.indexOf(logs.container) + 1} of ${names.length})` : '';
  const lines = shownLogLines(logs, model.filter);
  const room = Math.max(1, height - 1);
  const maxScroll = Math.max(0, lines.length - room);
  const scroll = Math.min(model.scroll, maxScroll);
  const facts = [
    `Log of ${logs.pod} ${glyphs.separator} ${logs.container}${place}`,
    ...(logs.previous ? ['before the last restart'] : []),
    logs.end.state === 'ended' ? 'ended' : logs.follow ? 'following' : 'not following',
    ...(model.filter ? [`matching "${model.filter}"`] : []),
    ...(scroll > 0 ? [`${scroll} lines below`] : []),
  ];
  const end = lines.length - scroll;
  const seen = lines.slice(Math.max(0, end - room), end);
  const text = seen
    .flatMap((line) => (logs.wrap ? wrapText(line, columns) : [cutLeft(line, logs.left)]))
    .slice(-room);
  const rows = text.map((line) => row(line));
  if (logs.end.state === 'ended' && scroll === 0 && logs.end.message) {
    if (rows.length === room) rows.shift();
    rows.push(row(span(logs.end.message, 'dim')));
  }
  if (rows.length === 0)
    rows.push(row(span(logs.end.state === 'open' ? 'no line yet' : 'the log is empty', 'dim')));
  return { rows: [titleRow(context, facts.join(` ${glyphs.separator} `)), ...rows], maxScroll };
}

function cutLeft(line: string, cells: number): string {
  if (cells === 0) return line;
  let skipped = 0;
  let index = 0;
  for (const char of line) {
    if (skipped >= cells) break;
    skipped += cellWidth(char);
    index += char.length;
  }
  return line.slice(index);
}
