/**
 * The whole screen as rows: a pure function of the model, the size in it and the time. Every view is header, body, footer;
 * the body of the main view shares its rows among stage board, tree, waiting list and events.
 */
import type { Model } from '../model/model.js';
import { eventsOf, shownOperation } from '../model/selected-serving.js';
import { treeLines } from '../model/tree.js';
import { cleanText } from '../text/clean-text.js';
import { operationTitle, wholeBoard } from './board.js';
import { boardsHeight, boardsRows } from './boards.js';
import { type Context, titleRow } from './context.js';
import { detailsRows } from './details-rows.js';
import { allEventRows, eventRows, eventsTitle } from './event-rows.js';
import { footerRows } from './footer.js';
import { asciiText, type Glyphs } from './glyphs.js';
import { bannerRows, headerRows } from './header.js';
import { helpRows } from './help-rows.js';
import { logRows, type ScrolledRows } from './log-rows.js';
import { outputRows } from './output-rows.js';
import { planRows } from './plan-rows.js';
import { smallRows } from './small-rows.js';
import { emptyRow, fitRow, type Row } from './styled.js';
import { treeRows } from './tree-rows.js';
import { waitingHeight, waitingRows } from './waiting-rows.js';
import { whyRows } from './why-rows.js';

export const smallestScreen = { columns: 40, rows: 10 } as const;

/** What the title of a text may have to say at its end. */
const moreBelow = ' (999 more below)';

export interface Frame {
  /** Exactly as many as the screen has, none wider than it. */
  readonly rows: readonly Row[];
  readonly maxScroll: number;
}

/** The frame to draw. `nowMs` is epoch milliseconds. */
export function present(model: Model, glyphs: Glyphs, nowMs: number): Frame {
  const { columns, rows: height } = model.size;
  const context: Context = { model, glyphs, nowMs, columns };
  if (columns < smallestScreen.columns || height < smallestScreen.rows) {
    // What is asked, or typed, is to be seen here too: keys act on it.
    const asked = model.prompt.kind === 'none' ? [] : keepLast(footerRows(context), Math.max(1, height - 1));
    const small = fill(smallRows(context, height - asked.length, smallestScreen), height - asked.length);
    return {
      rows: fill([...small, ...asked], height).map((each) => finish(each, context)),
      maxScroll: 0,
    };
  }
  const header = (model.view === 'logs' ? bannerRows(context) : headerRows(context, height < 14)).slice(
    0,
    Math.floor(height * 0.4),
  );
  const footer = keepLast(footerRows(context), footerRoom(model, height));
  const bodyHeight = height - header.length - footer.length;
  const body = bodyRows(context, bodyHeight);
  const filled = fill(body.rows, bodyHeight);
  return {
    rows: [...header, ...filled, ...footer].map((each) => finish(each, context)),
    maxScroll: body.maxScroll,
  };
}

/** What does not fit goes before the last row: that has the keys that answer. */
const keepLast = (rows: readonly Row[], room: number): readonly Row[] =>
  rows.length <= room ? rows : [...rows.slice(0, room - 1), ...rows.slice(-1)];

/** The palette takes what a list needs; other questions a few lines. */
const footerRoom = ({ prompt }: Model, height: number): number =>
  prompt.kind === 'palette' ? Math.floor(height / 2) : height < 14 ? 3 : 5;

function bodyRows(context: Context, height: number): ScrolledRows {
  const operation = shownOperation(context.model);
  switch (context.model.view) {
    case 'main':
      return { rows: mainRows(context, height), maxScroll: 0 };
    case 'logs':
      return logRows(context, height);
    case 'stages':
      return scrolled(
        context,
        operation
          ? operationTitle({ ...context, columns: context.columns - moreBelow.length }, operation)
          : 'Stages',
        [...wholeBoard(context), ...planRows(context)],
        height,
      );
    case 'events':
      return scrolled(context, eventsTitle(context), allEventRows(context), height);
    case 'details':
      return scrolled(context, 'Details', detailsRows(context), height);
    case 'tree':
      return { rows: treeRows(context, height), maxScroll: 0 };
    case 'why':
      return scrolled(context, 'Why', whyRows(context), height);
    case 'output':
      return scrolled(context, context.model.output?.request.text ?? 'Output', outputRows(context), height);
    case 'help':
      return scrolled(context, 'Keys', helpRows(context), height);
  }
}

function scrolled(context: Context, title: string, rows: readonly Row[], height: number): ScrolledRows {
  const room = height - 1;
  const maxScroll = Math.max(0, rows.length - room);
  const top = Math.min(context.model.scroll, maxScroll);
  const more = rows.length - top - room;
  const full = more > 0 ? `${title} (${more} more below)` : title;
  return { rows: [titleRow(context, full), ...rows.slice(top, top + room)], maxScroll };
}

/** The tree gets what the others leave, and the others get more only when the tree needs less. */
function mainRows(context: Context, height: number): Row[] {
  const treeNeeds = treeLines(context.model).length + 2;
  const boardNeeds = boardsHeight(context);
  const waitNeeds = waitingHeight(context);
  const treeLeast = Math.min(treeNeeds, Math.max(3, Math.floor(height * 0.4)));
  let rest = height - treeLeast;
  const take = (wanted: number, least: number): number => {
    const given = rest >= least ? Math.min(wanted, rest) : 0;
    rest -= given;
    return given;
  };
  const boardCap = Math.max(3, Math.floor(height * 0.35));
  let board = take(Math.min(boardNeeds, boardCap), 3);
  let waiting = waitNeeds > 0 ? take(Math.min(waitNeeds, Math.max(2, Math.floor(height * 0.2))), 2) : 0;
  const eventNeeds = Math.max(1, eventsOf(context.model).length) + 1;
  let events = take(Math.min(eventNeeds, Math.max(2, Math.floor(height * 0.2))), 2);
  const tree = treeLeast + take(treeNeeds - treeLeast, 1);
  board += take(boardNeeds - board, 1);
  waiting += waiting > 0 ? take(waitNeeds - waiting, 1) : 0;
  events += take(eventNeeds - events, 1);
  return [
    ...fill(boardsRows(context, board), board),
    ...fill(treeRows(context, tree), tree),
    ...fill(waitingRows(context, waiting), waiting),
    ...eventRows(context, events),
  ];
}

const fill = (rows: readonly Row[], height: number): Row[] =>
  Array.from({ length: Math.max(0, height) }, (_, index) => rows[index] ?? emptyRow);

/** Names and messages come from anywhere: here at the latest they lose what would act on a terminal. */
function finish(line: Row, { columns, glyphs }: Pick<Context, 'columns' | 'glyphs'>): Row {
  const harmless = (text: string) => (glyphs.ascii ? asciiText(cleanText(text)) : cleanText(text));
  const spans = line.spans.map((each) => ({ ...each, text: harmless(each.text) }));
  return fitRow({ ...line, spans }, columns, glyphs.ellipsis);
}
