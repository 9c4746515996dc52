import { annotation } from '../../api/labels.js';
import { parseSimulatedOrders } from '../../api/simulated-orders.js';
import type { Pod } from '../../api/types/resources.js';
import type { ContainerSpec } from '../engine.js';

/**
 * What the simulated engine is told to do with a container by the pod's annotation. An init container ends by itself. Other engines take no
 * notice. Pure.
 */
export function simulatedOrders(
  pod: Pod,
  container: string,
  isInit: boolean,
): Pick<ContainerSpec, 'simulated'> {
  const { orders } = parseSimulatedOrders(pod.metadata.annotations?.[annotation.simulate] ?? '');
  const simulated: NonNullable<ContainerSpec['simulated']> = Object.assign(
    isInit ? { isInit } : {},
    ...orders.flatMap(({ container: of, order }) =>
      of === container || (of === undefined && !isInit) ? [order] : [],
    ),
  );
  return Object.keys(simulated).length > 0 ? { simulated } : {};
}
