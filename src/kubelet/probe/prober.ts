import type { Container, Probe } from 'kubernetes-types/core/v1.js';
import type { Engine } from '../engine.js';

export interface ProbeTarget {
  containerId: string;
  container: Container;
  podIp: string;
  /** Host port on 127.0.0.1 by container port. */
  hostPorts: ReadonlyMap<number, number>;
  hostReachesPods: boolean;
}
/** `unknown`: nothing was learnt (the engine is away); it counts neither way. */
export interface ProbeOutcome {
  result: 'success' | 'failure' | 'unknown';
  message: string;
}
/** One try of one probe; never throws, ends within the probe's timeout. */
export type Prober = (target: ProbeTarget, probe: Probe) => Promise<ProbeOutcome>;

/** An engine whose containers cannot be dialled brings its own way of probing. */
export interface SelfProbingEngine extends Engine {
  readonly probe: Prober;
}
