import { type LogPattern, partsOf } from '../model/log-pattern.js';
import { foundLines } from '../model/log-search.js';
import { type LogLine, type LogState, shownLogLines } from '../model/log-state.js';
import { targetWords } from '../model/log-target.js';
import { streamNames, timeWord } from '../model/log-text.js';
import { cellWidth, padText, wrapText } from '../text/cell-width.js';
import { type Context, titleRow } from './context.js';
import { startupRows } from './startup-rows.js';
import { type Row, row, type Span, sourceStyles, span } from './styled.js';

export interface ScrolledRows {
  readonly rows: readonly Row[];
  /** How far the view can be scrolled. */
  readonly maxScroll: number;
}

/** The log, its last lines at the bottom (less `scroll` of them), in `height` rows. Formats only what is seen. */
export function logRows(context: Context, height: number): ScrolledRows {
  const { model } = context;
  const { logs } = model;
  if (!logs) return { rows: [], maxScroll: 0 };
  const lines = shownLogLines(logs);
  const above = startupRows(context, logs, Math.floor((height - 1) / 3));
  const room = Math.max(1, height - 1 - above.length);
  const maxScroll = Math.max(0, lines.length - room);
  const scroll = Math.min(model.scroll, maxScroll);
  const end = lines.length - scroll;
  const rows = linesRows(context, logs, lines.slice(Math.max(0, end - room), end)).slice(-room);
  const said = scroll === 0 ? lastWords(logs) : '';
  if (said !== '') {
    if (rows.length === room) rows.shift();
    rows.push(row(span(said, 'dim')));
  }
  if (rows.length === 0) rows.push(row(span(emptyWords(logs), 'dim')));
  return {
    rows: [titleRow(context, titleWords(context, logs, lines, scroll)), ...above, ...rows],
    maxScroll,
  };
}

function titleWords(
  { model, glyphs }: Context,
  logs: LogState,
  lines: readonly LogLine[],
  scroll: number,
): string {
  const { search, filter, streams, leftOut, dropped, sinceMinutes } = logs;
  const [only] = streams;
  const isAlone = streams.length === 1 && logs.target.container === undefined;
  const ended = streams.length > 0 && streams.every((stream) => stream.end.state === 'ended');
  const found = search ? foundLines(logs, lines) : [];
  const at = search?.at ? found.indexOf(search.at) + 1 : 0;
  const counted = model.size.columns >= 100 ? count(dropped) : String(dropped);
  return [
    `Log of ${targetWords(logs.target)}${isAlone ? `/${only?.container}` : ''}`,
    ...(streams.length > 1 ? [`${streams.filter((each) => !each.isGone).length} containers`] : []),
    ...(leftOut > 0 ? [`${leftOut} more are too many to read`] : []),
    ...(logs.previous ? ['before the last restart'] : []),
    ...(sinceMinutes > 0 ? [`last ${sinceMinutes}m`] : []),
    ended ? 'ended' : logs.follow ? 'following' : 'paused',
    ...(scroll > 0 ? [`${scroll} lines below`] : []),
    ...(filter ? [`only /${filter.text}/`] : []),
    ...(search
      ? [`/${search.pattern.text}/ ${found.length === 0 ? 'not found' : `${at || '?'} of ${found.length}`}`]
      : []),
    ...(dropped > 0 ? [`${counted} older lines not kept`] : []),
  ].join(` ${glyphs.separator} `);
}
const count = (value: number): string => value.toLocaleString('en');

/** A single log says why it ended. */
function lastWords({ streams }: LogState): string {
  const [stream] = streams;
  return streams.length === 1 && stream?.end.state === 'ended' ? stream.end.message : '';
}

function emptyWords({ streams, filter }: LogState): string {
  if (filter) return `no line matches /${filter.text}/`;
  return streams.some((stream) => stream.end.state === 'open') ? 'no line yet' : 'the log is empty';
}

/** Each line with its time and its stream, as far as they are shown. */
function linesRows({ columns, glyphs, model }: Context, logs: LogState, lines: readonly LogLine[]): Row[] {
  const names = streamNames(logs);
  const nameCells = Math.min(Math.max(0, ...names.map(cellWidth)), Math.floor(columns / 3));
  const prefixes = names.map((name, index) =>
    name === ''
      ? []
      : [
          span(padText(name, nameCells, glyphs.ellipsis, true), styleOf(index)),
          span(`${glyphs.rule} `, 'dim'),
        ],
  );
  const timeCells = logs.timestamps && columns >= 60 ? timeWord(1).length + 1 : 0;
  const textCells = Math.max(10, columns - timeCells - (nameCells > 0 ? nameCells + 2 : 0));
  return lines.flatMap((line) => {
    const before = [
      ...(timeCells > 0 ? [span(timeWord(line.atMs).padEnd(timeCells), 'dim')] : []),
      ...(prefixes[line.stream] ?? []),
    ];
    const texts = logs.wrap ? wrapText(line.text, textCells) : [cutLeft(line.text, logs.left)];
    const isAt = line === logs.search?.at;
    return texts.map((text) => ({
      ...row(...before, ...marked(logs.search?.pattern, text)),
      selected: isAt && model.prompt.kind === 'none',
    }));
  });
}

const styleOf = (index: number) => sourceStyles[index % sourceStyles.length] ?? 'plain';

const marked = (pattern: LogPattern | undefined, text: string): Span[] =>
  pattern
    ? partsOf(pattern, text).map((part) => span(part.text, part.isMatch ? 'match' : 'plain'))
    : [span(text)];

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
