import { parseDuration } from '../lib/parse-duration.js';

/** One word of the annotation `minithena.dev/simulate`; without a container it is for all that are no init containers. */
export interface SimulatedOrder {
  container: string | undefined;
  order: { readyAfterMs: number } | { exitAfterMs: number } | { exitCode: number };
}

/** `ready-after=2s, main:exit-after=1m, exit-code=3` as orders, and the words that are none. Pure. */
export function parseSimulatedOrders(text: string): { orders: SimulatedOrder[]; unknown: string[] } {
  const orders: SimulatedOrder[] = [];
  const unknown: string[] = [];
  for (const word of text.split(/[,\s]+/).filter(Boolean)) {
    const [, container, name, value = ''] = /^(?:([^:=]+):)?([a-z-]+)=(.+)$/.exec(word) ?? [];
    const order = orderOf(name, value);
    if (order) orders.push({ container, order });
    else unknown.push(word);
  }
  return { orders, unknown };
}

function orderOf(name: string | undefined, value: string): SimulatedOrder['order'] | undefined {
  if (name === 'exit-code') return /^\d{1,3}$/.test(value) ? { exitCode: Number(value) } : undefined;
  const ms = parseDuration(value);
  if (ms === undefined) return undefined;
  if (name === 'ready-after') return { readyAfterMs: ms };
  return name === 'exit-after' ? { exitAfterMs: ms } : undefined;
}
