import type { ContainerStateTerminated } from 'kubernetes-types/core/v1.js';
import { ownerLabel } from '../api/labels.js';
import type { Pod } from '../api/types/resources.js';
import type { ContainerDetails } from './engine.js';
import { sandboxContainerName } from './map/needs-sandbox.js';
import type { PodRecord } from './pod-record.js';
import type { RunningProbes } from './probe/run-probes.js';
import type { CredentialSearch } from './pull/find-credentials.js';

export interface Failure {
  count: number;
  nextAtMs: number;
  reason: string;
  message: string;
  /** Docker's configuration when a registry denied an image: with another it is tried again at once. */
  configMark?: string;
}

/** A pull that was begun for a container. */
export interface PodPull {
  readonly image: string;
  readonly beganAtMs: number;
  /** What the registry is shown, once that is known. */
  search?: CredentialSearch;
  outcome?: { error?: unknown };
}

/** What the kubelet knows of one Pod between two passes. Containers are what the engine said last; the rest is ours. */
export interface PodState {
  readonly uid: string;
  pod: Pod;
  /** The Pod left the store without us: its containers go at once. */
  gone: boolean;
  ip: string | undefined;
  record: PodRecord;
  readonly containers: Map<string, ContainerDetails>;
  /** Containers about which an event came since the last look. */
  readonly stale: Set<string>;
  /** When an event reported a death that is not believed yet, by container id. */
  readonly deaths: Map<string, number>;
  /** Pulls that were begun, by container name; `outcome` is set when one is over. */
  readonly pulls: Map<string, PodPull>;
  /** Why a container does not run, by its name. */
  readonly waiting: Map<string, { reason: string; message: string }>;
  readonly crashes: Map<string, { containerId: string; count: number }>;
  readonly lastState: Map<string, ContainerStateTerminated>;
  /** Highest attempt ever made, by container name. */
  readonly attempts: Map<string, number>;
  readonly probes: Map<string, RunningProbes>;
  /** Failed tries of a thing (pull, create, start), and when the next is due. */
  readonly failures: Map<string, Failure>;
  /** Survivors of an engine restart that are to be started again as they are. */
  readonly startInPlace: Set<string>;
  readonly oomKilled: Set<string>;
  /** Runs whose postStart hook is being carried out. */
  readonly hooks: Set<string>;
  /** Runs that are being ended, by container id: the call ends the wait for their preStop hook. */
  readonly endings: Map<string, () => void>;
  stopping: boolean;
  aborter: AbortController;
}

export const newPodState = (pod: Pod, record: PodRecord): PodState => ({
  uid: pod.metadata.uid ?? '',
  pod,
  gone: false,
  ip: undefined,
  record,
  containers: new Map(),
  stale: new Set(),
  deaths: new Map(),
  pulls: new Map(),
  waiting: new Map(),
  crashes: new Map(),
  lastState: new Map(),
  attempts: new Map(),
  probes: new Map(),
  failures: new Map(),
  startInPlace: new Set(),
  oomKilled: new Set(),
  hooks: new Set(),
  endings: new Map(),
  stopping: false,
  aborter: new AbortController(),
});

export const attemptOf = (details: { labels: Record<string, string> }): number =>
  Number(details.labels[ownerLabel.attempt] ?? 0);
export const containerOf = (details: { labels: Record<string, string> }): string =>
  details.labels[ownerLabel.container] ?? '';
export const isRunning = (details: { state: string }): boolean =>
  details.state === 'running' || details.state === 'paused' || details.state === 'restarting';

/** The newest container made for this container of the pod. */
export const latestOf = (state: PodState, container: string): ContainerDetails | undefined =>
  [...state.containers.values()]
    .filter((c) => containerOf(c) === container)
    .sort((a, b) => attemptOf(b) - attemptOf(a))[0];

/** Whether its containers were begun, after whatever init containers it has. In a sandbox that was lost they were begun in vain. */
export const hasBegun = (state: PodState): boolean =>
  state.pod.spec.containers.some(({ name }) => {
    const latest = latestOf(state, name);
    const { initSinceMs } = state.record;
    return (
      latest &&
      (initSinceMs === undefined || isRunning(latest) || (latest.startedAtMs ?? initSinceMs) >= initSinceMs)
    );
  });

/** What the probes of a run say now; before they are begun, what they said in an earlier life of this program. */
export const verdictOf = (state: PodState, containerId: string): { started: boolean; ready: boolean } => {
  const probes = state.probes.get(containerId);
  return probes
    ? { started: probes.started(), ready: probes.ready() }
    : {
        started: state.record.started.includes(containerId),
        ready: state.record.ready.includes(containerId),
      };
};

/** The container that owns the pod's published ports. */
export const portOwner = (state: PodState, container: string): ContainerDetails | undefined =>
  latestOf(state, sandboxContainerName) ?? latestOf(state, container);

/** Deleted, and held back by a finalizer when its containers have gone. */
export const isHeld = ({ metadata: { deletionTimestamp, finalizers = [] } }: Pod): boolean =>
  deletionTimestamp !== undefined && finalizers.length > 0;
