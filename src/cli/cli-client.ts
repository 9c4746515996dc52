import type { Diagnostic } from '../api/diagnostic.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { ResourceName, Resources, Stage } from '../api/types/resources.js';

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}
/** After DISCONNECTED a watch lists anew: ADDED for what exists, then SYNCED. */
export type Change<K extends ResourceName = ResourceName> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: Resources[K] }
  | { readonly type: 'SYNCED' }
  | { readonly type: 'DISCONNECTED'; readonly message?: string };

export interface ScaleEdit {
  readonly replicas?: number;
  readonly roleReplicas?: Readonly<Record<string, number>>;
}
export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly follow?: boolean;
  readonly tail?: number;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
}
export interface DaemonInfo {
  readonly version: string;
  readonly cluster: string;
  readonly pid: number;
  readonly engine: {
    readonly kind: string;
    readonly version: string;
    readonly reachable: boolean;
    readonly message: string;
  };
  readonly stateDir: string;
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly rules: string;
}
/** What an edit would cause: stages of one ModelServing, first to last; none when nothing differs. */
export interface PlannedServing {
  readonly namespace?: string;
  readonly name?: string;
  readonly change?: string;
  readonly stages: readonly Stage[];
}
export type PlanRequest =
  | { readonly text: string; readonly file: string }
  | (ScaleEdit & { readonly namespace: string; readonly name: string });

/** All that the commands ask of a client of the API; `client/` satisfies it by its shape, tests by a fake. */
export interface CliClient {
  list<K extends ResourceName>(resource: K, options?: ListOptions): Promise<readonly Resources[K][]>;
  /** Throws NotFound. */
  get<K extends ResourceName>(resource: K, namespace: string, name: string): Promise<Resources[K]>;
  /** Lists first, then tells every change until the signal aborts; reconnects by itself. */
  watch<K extends ResourceName>(
    resource: K,
    options: ListOptions,
    onChange: (change: Change<K>) => void,
    signal: AbortSignal,
  ): unknown;
  logs(request: LogRequest, signal: AbortSignal): AsyncIterable<string>;
  scale(namespace: string, name: string, edit: ScaleEdit): Promise<ModelServing>;
  readonly control: {
    info(): Promise<DaemonInfo>;
    up(files: readonly string[]): Promise<unknown>;
    down(request: { files?: readonly string[]; volumes?: boolean }): Promise<unknown>;
    sync(): Promise<unknown>;
    stop(): Promise<unknown>;
    plan(request: PlanRequest): Promise<readonly PlannedServing[]>;
  };
  close(): unknown;
}
