import { selectedServing, servingsOf, waitingFor } from '../model/selected-serving.js';
import { cleanText } from '../text/clean-text.js';
import type { Context } from './context.js';
import { engineTrouble, specTrouble } from './header.js';
import { type Row, row, span } from './styled.js';

/** What matters most on a screen that is too small for the board: what is wrong, how much runs, what is waited for; then what it needs. */
export function smallRows(
  { model, glyphs }: Context,
  height: number,
  least: { columns: number; rows: number },
): Row[] {
  const { connection } = model;
  const shown = selectedServing(model);
  const [hold] = waitingFor(model);
  const ready = (each: NonNullable<typeof shown>): Row => {
    const { metadata, status, spec } = each;
    const available = status?.availableReplicas ?? 0;
    const level = available === spec.replicas ? 'good' : 'busy';
    return row(span(`${glyphs.level[level]} `, level), `${available}/${spec.replicas} ${metadata.name}`);
  };
  const said: Row[] = [
    ...(connection.state === 'live'
      ? []
      : [
          row(
            span(
              connection.state === 'lost' ? 'daemon lost' : 'connecting',
              connection.state === 'lost' ? 'bad' : 'busy',
            ),
          ),
        ]),
    ...(engineTrouble(model) === undefined ? [] : [row(span('engine away', 'bad'))]),
    ...(specTrouble(model) === undefined ? [] : [row(span('spec invalid', 'bad'))]),
    ...(shown ? [ready(shown)] : connection.state === 'live' ? [row('no ModelServing')] : []),
    ...(hold ? [row(span(`${hold.reason} `, 'busy'), cleanText(hold.subject))] : []),
    ...servingsOf(model).flatMap((each) => (each === shown ? [] : [ready(each)])),
  ];
  const needs = row(span(`needs ${least.columns}x${least.rows}; q quits`, 'dim'));
  return [...said.slice(0, Math.max(1, height - 1)), needs];
}
