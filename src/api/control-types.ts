import type { Diagnostic } from './diagnostic.js';
import type { DrillOutcome, DrillRequest } from './drill.js';
import type { NodeOptions } from './node-options.js';
import type { PullWord } from './pull-override.js';
import type { Stage } from './types/resources.js';

/** What the daemon says about itself. */
export interface DaemonInfo {
  version: string;
  cluster: string;
  clusterId: string;
  pid: number;
  engine: { kind: string; version: string; reachable: boolean; message: string };
  stateDir: string;
  files: readonly string[];
  diagnostics: readonly Diagnostic[];
  rules: string;
  /** What Pods can have; `gpuSource` is said when --gpus named them. */
  node: {
    capacity: Readonly<Record<string, string>>;
    gpus: readonly string[];
    gpuSlots: number;
    gpuSource: 'found' | 'said';
    note?: string;
  };
  /** What `up --pull` asked for. */
  pull: PullWord;
}

/** A whole file as it would be, all of it in one namespace where that is said, or other counts for what is in force. */
export type PlanRequest =
  | { text: string; file: string; namespace?: string }
  | { namespace: string; name: string; replicas?: number; roleReplicas?: Readonly<Record<string, number>> };

export interface PlannedServing {
  namespace: string;
  name: string;
  /** E.g. "replicas 2 → 3"; '' when nothing that is acted on changes. */
  change: string;
  /** First to last; none when nothing differs. */
  stages: Stage[];
}

export interface UpRequest {
  files: readonly string[];
  /** Whether the engines of these files are replaced by the stand-in; absent: as before. */
  standIn?: boolean;
  /** What is to be said of the Node from now on. */
  node?: NodeOptions;
  /** Absent: as it was. */
  pull?: PullWord;
}

/** A run of a container that failed, kept beyond its Pod. */
export interface Failure {
  pod: string;
  container: string;
  containerId: string;
  image: string;
  attempt: number;
  exitCode: number;
  /** That ended it, e.g. SIGKILL. */
  signal?: string;
  /** As in Kubernetes: Error, OOMKilled … */
  reason: string;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
  /** Its end, at most 256 KiB. */
  log: string;
  /** What the engine said of it: command, limits, names of variables without their values. */
  inspect: object;
}

export interface DownRequest {
  /** Absent: all. */
  files?: readonly string[];
  /** Also the volumes that outlive pods. */
  volumes?: boolean;
}

/** What a client can ask beside Kubernetes' own API, at /minithena/v1. */
export interface ControlHandlers {
  info(): DaemonInfo;
  up(request: UpRequest): Promise<void>;
  down(request: DownRequest): Promise<{ removed: string[]; kept: string[] }>;
  sync(): Promise<void>;
  stop(): void;
  plan(request: PlanRequest): PlannedServing[];
  /** The last failures of the role instance that a Pod of this name belongs to, the newest first. */
  failures(pod: { namespace: string; name: string }): Failure[];
  drill(request: DrillRequest): Promise<DrillOutcome>;
}
