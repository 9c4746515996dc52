import { type LogColumns, lineAbove, logColumns, rowsFrom } from '../model/log-layout.js';
import { partsOf } from '../model/log-pattern.js';
import { foundLines } from '../model/log-search.js';
import { type LogLine, type LogState, shownLogLines } from '../model/log-state.js';
import { targetWords } from '../model/log-target.js';
import { streamNames, timeWord } from '../model/log-text.js';
import { cellWidth, padText, rowStarts } from '../text/cell-width.js';
import { type Context, titleRow } from './context.js';
import { startupRows } from './startup-rows.js';
import { type Row, row, type Span, sourceStyles, span } from './styled.js';

export interface ScrolledRows {
  readonly rows: readonly Row[];
  /** How far the view can be scrolled. */
  readonly maxScroll: number;
}

/** The log, its last rows at the bottom (less `scroll` of them), in `height` rows. Formats only what is seen. */
export function logRows(context: Context, height: number): ScrolledRows {
  const { model } = context;
  const { logs } = model;
  if (!logs) return { rows: [], maxScroll: 0 };
  const lines = shownLogLines(logs);
  const above = startupRows(context, logs, Math.floor((height - 1) / 3));
  const room = Math.max(1, height - 1 - above.length);
  const maxScroll = Math.max(0, rowsFrom(logs, context.columns, lines, 0) - room);
  const scroll = Math.min(model.scroll, maxScroll);
  const rows = linesRows(context, logs, lines, scroll, room);
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

/** Why logs ended that did not end well. */
function lastWords(logs: LogState): string {
  const names = streamNames(logs);
  const said = logs.streams.flatMap(({ end, isGone }, index) =>
    end.state === 'open' || end.message === '' || isGone
      ? []
      : [names[index] ? `${names[index]}: ${end.message}` : end.message],
  );
  const [first = ''] = said;
  return said.length > 1 ? `${first}; and ${said.length - 1} more` : first;
}

function emptyWords({ streams, filter }: LogState): string {
  if (filter) return `no line matches /${filter.text}/`;
  return streams.some((stream) => stream.end.state === 'open') ? 'no line yet' : 'the log is empty';
}

/** `room` rows above the last `scroll` ones, each with the time and the stream of its line as far as they are shown. */
function linesRows(
  { columns, glyphs, model }: Context,
  logs: LogState,
  lines: readonly LogLine[],
  scroll: number,
  room: number,
): Row[] {
  const cells = logColumns(logs, columns);
  const prefixes = streamNames(logs).map((name, index) =>
    name === ''
      ? []
      : [
          span(padText(name, cells.name, glyphs.ellipsis, true), styleOf(index)),
          span(`${glyphs.rule} `, 'dim'),
        ],
  );
  const bottom = lineAbove(logs, columns, lines, scroll);
  const rows: Row[] = [];
  for (let index = bottom?.index ?? -1; index >= 0 && rows.length < room; index -= 1) {
    const line = lines[index] as LogLine;
    const before = [
      ...(cells.time > 0 ? [span(timeWord(line.atMs).padEnd(cells.time), 'dim')] : []),
      ...(prefixes[line.stream] ?? []),
    ];
    const selected = line === logs.search?.at && model.prompt.kind === 'none';
    const hidden = index === bottom?.index ? bottom.hidden : 0;
    for (const text of textsOf(logs, cells, line, hidden, room - rows.length).reverse())
      rows.push({ ...row(...before, ...text), selected });
  }
  return rows.reverse();
}

const styleOf = (index: number) => sourceStyles[index % sourceStyles.length] ?? 'plain';

/** The text of a line with what is found in it, row by row: at most `room`, without the last `hidden` ones. */
function textsOf(
  logs: LogState,
  { text: cells }: LogColumns,
  line: LogLine,
  hidden: number,
  room: number,
): Span[][] {
  const { search, wrap, left } = logs;
  const parts = search ? partsOf(search.pattern, line.text) : [{ text: line.text, isMatch: false }];
  const starts = wrap ? rowStarts(line.text, cells) : [cutOf(line.text, left)];
  const end = starts.length - hidden;
  return starts.slice(Math.max(0, end - room), end).map((from) => {
    const to = starts.find((start) => start > from) ?? line.text.length;
    let at = 0;
    return parts.flatMap(({ text, isMatch }) => {
      const shown = text.slice(Math.max(0, from - at), Math.max(0, to - at));
      at += text.length;
      return shown === '' ? [] : [span(shown, isMatch ? 'match' : 'plain')];
    });
  });
}

/** Where a text begins whose first `cells` cells are not seen. */
function cutOf(text: string, cells: number): number {
  let skipped = 0;
  let index = 0;
  for (const char of text) {
    if (skipped >= cells) break;
    skipped += cellWidth(char);
    index += char.length;
  }
  return index;
}
