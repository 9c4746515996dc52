import { timeOfEvent } from '../../api/time-of-event.js';
import type { KubeEvent } from '../../api/types/resources.js';
import { eventFilter } from '../model/event-filter.js';
import { eventsOf, waitingFor } from '../model/selected-serving.js';
import { padText, wrapText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import { age } from './age.js';
import { type Context, titleRow } from './context.js';
import { pullText } from './pull-text.js';
import { type Row, row, span } from './styled.js';

/** The newest events, oldest of them first, in `height` rows with the title. */
export function eventRows(context: Context, height: number): Row[] {
  const newest = eventsOf(context.model).slice(-Math.max(0, height - 1));
  if (height < 2) return [];
  const rows = newest.map((event) => eventRow(context, event));
  return [titleRow(context, 'Events'), ...(rows.length > 0 ? rows : [row(span(noEvents(context), 'dim'))])];
}

const noEvents = ({ model }: Context): string => (model.synced.has('events') ? 'none yet' : 'loading');

export function eventsTitle({ model, glyphs }: Context): string {
  const all = eventsOf(model);
  const title = `Events, newest first`;
  if (model.filter === '') return title;
  const shown = all.filter(eventFilter(model.filter)).length;
  return [title, cleanText(model.filter), `${shown} of ${all.length}`].join(` ${glyphs.separator} `);
}

/** All events that the filter lets through, newest first, messages wrapped. */
export function allEventRows(context: Context): Row[] {
  const { filter } = context.model;
  const events = eventsOf(context.model).filter(eventFilter(filter));
  if (events.length === 0)
    return [row(span(filter ? 'nothing matches; esc clears the filter' : noEvents(context), 'dim'))];
  return [...events].reverse().flatMap((event) => {
    const [head, ...more] = wrapText(eventText(event), messageWidth(context));
    const indent = ' '.repeat(context.columns - messageWidth(context));
    return [eventRow(context, event, head), ...more.map((line) => row(indent + line))];
  });
}

/** The message, after the name of the pod it is about; the ModelServing is on screen anyway. */
const eventText = ({ involvedObject, message }: KubeEvent): string =>
  cleanText(involvedObject.kind === 'ModelServing' ? message : `${involvedObject.name}: ${message}`);
const messageWidth = ({ columns }: Context): number => Math.max(16, columns - (columns < 60 ? 24 : 34));

function eventRow(context: Context, event: KubeEvent, text?: string): Row {
  const { nowMs, glyphs, columns } = context;
  const warning = event.type === 'Warning';
  const message = text ?? eventText(event);
  const reason = padText(cleanText(event.reason), columns < 60 ? 14 : 18, glyphs.ellipsis);
  const repeated = event.count > 1 && columns >= 60 ? `x${event.count}` : '';
  return row(
    span(padText(age(timeOfEvent(event), nowMs), 7), 'dim'),
    span(`${warning ? '!' : ' '} ${reason}`, warning ? 'bad' : 'plain'),
    ' ',
    ...(columns >= 60 ? [span(padText(repeated, 6), 'dim')] : []),
    message,
  );
}

/** "Waiting for": each hold with its reason, in at most `height` rows with the title; nothing when nothing is waited for. */
export function waitingRows(context: Context, height: number): Row[] {
  const holds = waitingFor(context.model);
  if (holds.length === 0 || height < 2) return [];
  const room = height - 1;
  const more = holds.length > room ? ` (${holds.length - room} more: s)` : '';
  return [
    titleRow(context, `Waiting for${more}`),
    ...holds
      .slice(0, room)
      .map((hold) =>
        row(
          span(`${hold.subject || 'ModelServing'} `, 'bold'),
          span(cleanText(hold.reason), 'busy'),
          `: ${pullText(cleanText(hold.message), context.glyphs)}`,
        ),
      ),
  ];
}
