import type { ObjectMeta } from './object-meta.js';

/** What one container uses, as the engine measured it over a short span. */
export interface ContainerUsage {
  readonly container: string;
  /** Billionths of a processor, on average over the span. */
  readonly cpuNanos: number;
  /** Without the cache of files that could be dropped: what Kubernetes calls the working set. */
  readonly memoryBytes: number;
  /** The end of the span. */
  readonly atMs: number;
  readonly spanMs: number;
}

/** Quantities, e.g. `2500000n` and `512Ki`. */
export interface Usage {
  readonly cpu: string;
  readonly memory: string;
}
interface Measured {
  readonly apiVersion: string;
  readonly kind: string;
  /** The end of the span that was measured. */
  readonly timestamp: string;
  /** How long it was, e.g. `1.002s`. */
  readonly window: string;
}
/** `metrics.k8s.io/v1beta1`. */
export interface PodMetrics extends Measured {
  readonly metadata: Partial<ObjectMeta> & { readonly name: string; readonly namespace: string };
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[];
}
/** `metrics.k8s.io/v1beta1`. */
export interface NodeMetrics extends Measured {
  readonly metadata: Partial<ObjectMeta> & { readonly name: string };
  readonly usage: Usage;
}
