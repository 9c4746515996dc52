import { timeOfEvent } from '../../api/time-of-event.js';
import type { KubeEvent } from '../../api/types/resources.js';
import { eventFilter } from '../model/event-filter.js';
import { eventsOf } from '../model/selected-serving.js';
import { cellWidth, fitText, padText, wrapText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import { age } from './age.js';
import { type Context, titleRow } from './context.js';
import { type Row, row, span } from './styled.js';

/** From this width on, how often something happened has a column of its own. */
const roomy = 100;

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
const messageWidth = ({ columns }: Context): number =>
  Math.max(16, columns - (columns < 60 ? 24 : columns < roomy ? 28 : 34));

function eventRow(context: Context, event: KubeEvent, text?: string): Row {
  const { nowMs, glyphs, columns } = context;
  const warning = event.type === 'Warning';
  const message = text ?? eventText(event);
  const repeated = event.count > 1 && columns >= 60 ? `x${event.count}` : '';
  const beside = columns < roomy && repeated !== '' ? ` ${repeated}` : '';
  const reasonWidth = (columns < 60 ? 14 : 18) - beside.length;
  const reason = fitText(cleanText(event.reason), reasonWidth, glyphs.ellipsis);
  const filler = ' '.repeat(reasonWidth - cellWidth(reason));
  return row(
    span(padText(age(timeOfEvent(event), nowMs), 7), 'dim'),
    span(`${warning ? '!' : ' '} ${reason}`, warning ? 'bad' : 'plain'),
    span(beside, 'dim'),
    `${filler} `,
    ...(columns >= roomy ? [span(padText(repeated, 6), 'dim')] : []),
    message,
  );
}
