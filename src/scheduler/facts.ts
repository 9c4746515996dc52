import type { GpuAssignment } from '../api/gpu-assignment.js';
import type { Amounts, GpuAsk } from '../core/pod-request.js';

/** All that the decision knows of a Pod. */
export interface PodFacts {
  /** namespace/name */
  readonly key: string;
  readonly name: string;
  readonly createdMs: number;
  /** namespace/name of its ModelServing; '' for a Pod of nobody. */
  readonly serving: string;
  /** namespace/name of its ServingGroup; '' for a Pod of nobody. */
  readonly group: string;
  readonly groupOrdinal: number;
  readonly role: string;
  readonly roleOrdinal: number;
  readonly index: number;
  /** How many pods the role instance has when it is complete. */
  readonly instanceSize: number;
  /** What it needs at once at most; GPUs are counted here too. */
  readonly request: Amounts;
  /** Of its cpu, what is written as requests; the rest stands in for limits. */
  readonly writtenCpu: number;
  readonly gpuAsks: readonly GpuAsk[];
  readonly hostPorts: readonly string[];
  /** waiting: has nothing; assigned: has its room, and is not started yet; bound: is the kubelet's. */
  readonly state: 'waiting' | 'assigned' | 'bound';
  /** What it was given. */
  readonly gpus: GpuAssignment;
  readonly ready: boolean;
  readonly deleting: boolean;
}

export interface Capacity {
  /** Undefined while the Node is unknown: nothing is limited then. */
  readonly amounts: Amounts | undefined;
  readonly gpuIds: readonly string[];
  readonly gpuSlots: number;
}

/** A ServingGroup whose pods start together: so many complete instances of each role. */
export interface Gang {
  /** namespace/name of the ServingGroup. */
  readonly group: string;
  readonly minimum: Readonly<Record<string, number>>;
}

export interface Decision {
  /** In order. `start` is false while others on the same device are not Ready: it keeps its room meanwhile. */
  readonly placements: readonly {
    readonly pod: PodFacts;
    readonly gpus: GpuAssignment;
    readonly start: boolean;
    readonly message: string;
  }[];
  readonly waits: readonly { readonly pod: PodFacts; readonly message: string }[];
}
