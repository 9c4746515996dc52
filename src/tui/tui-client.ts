import type { PlannedServing, PlanRequest } from '../api/control-types.js';
import type { Diagnostic } from '../api/diagnostic.js';
import type { ResourceName, Resources } from '../api/types/resources.js';

/** One change of a watched list. After DISCONNECTED a watch lists anew: ADDED for what exists, then SYNCED. */
export type Change<K extends ResourceName = ResourceName> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: Resources[K] }
  | { readonly type: 'SYNCED' }
  | { readonly type: 'DISCONNECTED'; readonly message?: string };

export interface ScaleEdit {
  readonly replicas?: number;
  readonly roleReplicas?: Readonly<Record<string, number>>;
}

/** What the daemon says about itself. */
export interface TuiInfo {
  readonly version: string;
  readonly engine: {
    readonly kind: string;
    readonly version: string;
    readonly reachable: boolean;
    readonly message: string;
  };
  readonly diagnostics: readonly Diagnostic[];
}

export interface LogSource {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly follow: boolean;
  readonly tail: number;
  readonly sinceSeconds?: number;
  readonly previous: boolean;
  readonly timestamps: boolean;
}

/** A run of a container that failed, with the end of its log. */
export interface FailedRun {
  readonly pod: string;
  readonly container: string;
  readonly attempt: number;
  readonly exitCode: number;
  readonly signal?: string;
  readonly reason: string;
  readonly message?: string;
  readonly finishedAt?: string;
  readonly log: string;
}

/** What the containers of a pod used over a short span, in Kubernetes' quantities. */
export interface MeasuredPod {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly timestamp: string;
  readonly containers: readonly {
    readonly name: string;
    readonly usage: { readonly cpu: string; readonly memory: string };
  }[];
}

/** How far a recording has been played. */
export interface ReplayStatus {
  readonly positionMs: number;
  readonly lengthMs: number;
  readonly speed: number | 'max';
  readonly paused: boolean;
  readonly ended: boolean;
}
/** A recording in the place of a daemon. */
export interface Replay {
  play(): void;
  status(): ReplayStatus;
  /** The time on the board. */
  nowMs(): number;
  togglePause(): void;
  step(): void;
  stepBack(): void;
  jumpBack(): void;
  jumpOn(): void;
  faster(): void;
  slower(): void;
}

/** All that the terminal UI asks of a client of the API; `client/` satisfies it by its shape, tests by a fake. */
export interface TuiClient {
  watch<K extends ResourceName>(
    resource: K,
    options: object,
    onChange: (change: Change<K>) => void,
    signal: AbortSignal,
  ): unknown;
  logs(source: LogSource, signal: AbortSignal): AsyncIterable<string>;
  scale(namespace: string, name: string, edit: ScaleEdit): Promise<unknown>;
  /** What pods use now; measured only while it is asked for. Absent: nobody measures. */
  usage?(resource: 'pods', options: object): Promise<readonly MeasuredPod[]>;
  readonly control: {
    info(): Promise<TuiInfo>;
    /** The last failures of the role instance of a pod, the newest first. Absent: nobody keeps them. */
    failures?(pod: { namespace: string; name: string }): Promise<readonly FailedRun[]>;
    /** The stages that an edit would cause for each ModelServing, without doing it. */
    plan(request: PlanRequest): Promise<readonly PlannedServing[]>;
  };
}
