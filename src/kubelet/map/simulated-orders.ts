import { annotation } from '../../api/labels.js';
import type { Pod } from '../../api/types/resources.js';
import { parseDuration } from '../../lib/parse-duration.js';
import type { ContainerSpec } from '../engine.js';

/**
 * What the simulated engine is told to do with a container: `ready-after=2s, exit-after=1m, exit-code=3`, by the pod's annotation, for all its
 * containers or, with `NAME:` before a word, for one. An init container ends by itself. Other engines take no notice. Pure.
 */
export function simulatedOrders(
  pod: Pod,
  container: string,
  isInit: boolean,
): Pick<ContainerSpec, 'simulated'> {
  const orders: NonNullable<ContainerSpec['simulated']> = isInit ? { isInit } : {};
  for (const word of (pod.metadata.annotations?.[annotation.simulate] ?? '').split(/[,\s]+/)) {
    const [, of, name, value = ''] = /^(?:([^:=]+):)?([a-z-]+)=(.+)$/.exec(word) ?? [];
    if ((of !== undefined && of !== container) || (of === undefined && isInit)) continue;
    if (name === 'exit-code') orders.exitCode = Number(value);
    else if (name === 'ready-after') orders.readyAfterMs = parseDuration(value) ?? 0;
    else if (name === 'exit-after') orders.exitAfterMs = parseDuration(value) ?? 0;
  }
  return Object.keys(orders).length > 0 ? { simulated: orders } : {};
}
