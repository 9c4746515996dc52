import type { Container } from 'kubernetes-types/core/v1.js';
import { gpuResource } from '../api/node-gpus.js';
import type { Pod } from '../api/types/resources.js';
import { parseQuantity } from '../lib/parse-quantity.js';
import { effective } from './effective.js';

/** By Kubernetes' resource name, in whole units: cpu in thousandths, everything else as it is (memory in bytes). */
export type Amounts = Readonly<Record<string, number>>;

/** In the order of start: init containers and sidecars first, as written. */
export interface GpuAsk {
  readonly container: string;
  readonly kind: 'init' | 'sidecar' | 'app';
  readonly count: number;
}

export interface PodRequest {
  readonly request: Amounts;
  /** Of its cpu, what is written as requests. */
  readonly writtenCpu: number;
  readonly gpuAsks: readonly GpuAsk[];
  readonly hostPorts: readonly string[];
}

/** What a Pod asks for: the effective request of each resource (limits stand in for requests), GPUs by container, host ports. Pure. */
export function podRequest({ spec }: Pod): PodRequest {
  const steps = [
    ...(spec.initContainers ?? []).map((container) => ({
      kind: container.restartPolicy === 'Always' ? ('sidecar' as const) : ('init' as const),
      container,
    })),
    ...spec.containers.map((container) => ({ kind: 'app' as const, container })),
  ].map((step) => ({ ...step, asked: requestsOf(step.container) }));
  const names = new Set(steps.flatMap(({ asked }) => Object.keys(asked)));
  const request: Record<string, number> = {};
  for (const name of names) {
    const amount = effective(steps.map(({ kind, asked }) => ({ kind, amount: asked[name] ?? 0 })));
    if (amount > 0) request[name] = amount;
  }
  return {
    request,
    writtenCpu: effective(
      steps.map(({ kind, container }) => ({
        kind,
        amount: amountsOf(container.resources?.requests ?? {}).cpu ?? 0,
      })),
    ),
    gpuAsks: steps.flatMap(({ kind, container, asked }) => {
      const count = asked[gpuResource] ?? 0;
      return count > 0 ? [{ container: container.name, kind, count }] : [];
    }),
    hostPorts: steps.flatMap(({ container }) => portsOf(container, spec.hostNetwork === true)),
  };
}

const requestsOf = ({ resources }: Container): Amounts =>
  amountsOf({ ...resources?.limits, ...resources?.requests });

/** Quantities as whole units, rounded up. */
export function amountsOf(quantities: Readonly<Record<string, string | number>>): Amounts {
  const amounts: Record<string, number> = {};
  for (const [name, text] of Object.entries(quantities)) {
    const value = parseQuantity(text);
    // 0.1 + 0.2 must not come to more than 0.3.
    if (value !== undefined)
      amounts[name] = Math.ceil(Number((name === 'cpu' ? value * 1000 : value).toFixed(3)));
  }
  return amounts;
}

const portsOf = (container: Container, hostNetwork: boolean): string[] =>
  (container.ports ?? []).flatMap((port) => {
    const number = port.hostPort ?? (hostNetwork ? port.containerPort : undefined);
    return number ? [`${number}/${port.protocol ?? 'TCP'}`] : [];
  });
