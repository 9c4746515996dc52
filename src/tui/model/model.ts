import type { ModelServing } from '../../api/types/model-serving.js';
import type {
  KubeEvent,
  Node,
  Pod,
  ResourceName,
  Resources,
  RoleInstance,
  ScalingOperation,
  ServingGroup,
  Stage,
} from '../../api/types/resources.js';
import { type KeyBinding, keyBindings, type ReplayAction, type View } from '../keys.js';
import type { FailedRun, ReplayStatus, ScaleEdit, TuiInfo } from '../tui-client.js';
import type { ThemeName } from '../tui-config.js';
import type { Abilities, CommandOutput, CommandRequest } from './command-state.js';
import type { Draft } from './draft.js';
import type { LogState } from './log-state.js';
import type { LogPlace } from './log-target.js';
import type { UsageByContainer } from './usage.js';

/** What the screen watches. */
export const watched = [
  'modelservings',
  'servinggroups',
  'roles',
  'pods',
  'scalingoperations',
  'events',
  'nodes',
] as const satisfies readonly ResourceName[];
export type Watched = (typeof watched)[number];

/** Objects by `<namespace>/<name>`. A map is replaced, never changed, when its objects do: its identity is a cache key. */
export type Data = { readonly [K in Watched]: ReadonlyMap<string, Resources[K]> };

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'lost'; readonly message: string };

/** What a scale from the keyboard would do; `outcome` is what the daemon says about it. */
export interface ScaleRequest {
  readonly namespace: string;
  readonly name: string;
  /** undefined: spec.replicas; else the role of this name. */
  readonly role: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly outcome:
    | { readonly state: 'asking' }
    | { readonly state: 'planned'; readonly stages: readonly Stage[] }
    | { readonly state: 'sending' }
    | { readonly state: 'refused'; readonly message: string };
}

/** The line that is asked about, and what the daemon keeps of the last failures of the pod that is the cause. */
export interface WhyState {
  readonly id: string;
  readonly evidence: Evidence;
}
export interface Evidence {
  /** Which pod, and which of its runs: another one is asked about anew. '': no pod is to blame. */
  readonly key: string;
  readonly state: 'asking' | 'told' | 'refused';
  readonly failures: readonly FailedRun[];
}

/** The order of what stands side by side in the tree. */
export type TreeSort = 'name' | 'trouble' | 'restarts' | 'age';

export type Prompt =
  | { readonly kind: 'none' }
  | { readonly kind: 'filter'; readonly before: string }
  | { readonly kind: 'scale'; readonly request: ScaleRequest }
  | { readonly kind: 'confirm'; readonly request: CommandRequest }
  /** A regular expression for the log; `before` is what esc brings back. */
  | {
      readonly kind: 'pattern';
      readonly use: 'search' | 'filter';
      readonly text: string;
      readonly problem: string;
      readonly before: Pick<LogState, 'filter' | 'search'>;
    }
  /** Where the log is saved; `exists`: that file is there, and enter overwrites it. */
  | {
      readonly kind: 'save';
      readonly text: string;
      readonly state: 'asking' | 'exists' | 'saving' | 'refused';
      readonly message: string;
    }
  /** `at`: which of what the text may mean. */
  | { readonly kind: 'palette'; readonly text: string; readonly at: number };

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The whole state of the screen: what was heard from the daemon, and where the reader is. Pure data. */
export interface Model {
  readonly cluster: string;
  readonly size: Size;
  readonly data: Data;
  /** Resources whose first (or repeated) list is complete. */
  readonly synced: ReadonlySet<Watched>;
  /** Keys not heard of again since a watch broke; dropped when its list is complete. */
  readonly stale: Readonly<Partial<Record<Watched, ReadonlySet<string>>>>;
  readonly connection: Connection;
  readonly info: TuiInfo | undefined;
  /** Of a recording; undefined: this is a running cluster. */
  readonly replay: ReplayStatus | undefined;
  /** Key of the ModelServing on screen; undefined: the first. */
  readonly serving: string | undefined;
  readonly view: View;
  /** The views that this one was opened from, the last one last: `esc` goes back through them. */
  readonly under: readonly View[];
  /** Id of the selected line of the tree and where it stood, for when it is gone. */
  readonly selected: { readonly id: string; readonly index: number };
  /** Lines of the tree that somebody opened (true) or closed, by their ids; others are as it suits. */
  readonly opened: ReadonlyMap<string, boolean>;
  readonly sort: TreeSort;
  readonly filter: string;
  readonly prompt: Prompt;
  /** What containers used while the tree was looked at. */
  readonly usage: UsageByContainer;
  readonly can: Abilities;
  /** The table of keys, with what the reader changed in it. */
  readonly bindings: readonly KeyBinding[];
  readonly theme: ThemeName;
  readonly mouse: boolean;
  /** The last command that was run from here. */
  readonly output: CommandOutput | undefined;
  /** What the Why view is about; kept while it is open. */
  readonly why: WhyState | undefined;
  /** Name of an older operation that is looked at; undefined: the newest. */
  readonly operation: string | undefined;
  /** First ordinal of the stage board; undefined: it follows the work. */
  readonly boardLeft: number | undefined;
  /** First line on screen of a view that scrolls; in logs: lines below the screen. */
  readonly scroll: number;
  /** What of the file is not saved yet, while somebody asks what it would cause. */
  readonly draft: Draft | undefined;
  readonly logs: LogState | undefined;
  /** Generation of the last log stream that was opened. */
  readonly logGeneration: number;
  /** What the last key did; gone with the next one. */
  readonly flash: { readonly bad: boolean; readonly text: string } | undefined;
}

/** What the world is asked to do after a message; carried out by `run-tui`. */
export type Effect =
  | { readonly type: 'quit' }
  | { readonly type: 'redraw' }
  | { readonly type: 'replay'; readonly action: ReplayAction }
  | { readonly type: 'suspend' }
  /** Beside those that are open; `among` so many that share what can wait for the screen. */
  | {
      readonly type: 'openLog';
      readonly generation: number;
      readonly stream: number;
      readonly place: LogPlace;
      readonly previous: boolean;
      readonly sinceMinutes: number;
      readonly among: number;
    }
  | { readonly type: 'closeLogs' }
  | { readonly type: 'openDraft'; readonly file: string }
  | { readonly type: 'closeDraft' }
  | {
      readonly type: 'saveLog';
      readonly file: string;
      readonly text: string;
      readonly overwrite: boolean;
    }
  /** `isShown`: somebody looks at what it says, and esc or another one of these ends it; any other is left to its end. */
  | { readonly type: 'run'; readonly id: number; readonly request: CommandRequest; readonly isShown: boolean }
  | { readonly type: 'stopRun' }
  | {
      readonly type: 'edit';
      readonly file: string;
      readonly namespace: string;
      readonly name: string;
      readonly role: string | undefined;
      readonly container: string | undefined;
    }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'theme'; readonly theme: ThemeName }
  | { readonly type: 'mouse'; readonly on: boolean }
  | { readonly type: 'askFailures'; readonly key: string; readonly namespace: string; readonly pod: string }
  | { readonly type: 'plan'; readonly request: ScaleRequest; readonly edit: ScaleEdit }
  | { readonly type: 'scale'; readonly request: ScaleRequest; readonly edit: ScaleEdit };

export const keyOf = (object: { metadata: { namespace: string; name: string } }): string =>
  `${object.metadata.namespace}/${object.metadata.name}`;

export function startModel(cluster: string, size: Size): Model {
  return {
    cluster,
    size,
    data: {
      modelservings: new Map<string, ModelServing>(),
      servinggroups: new Map<string, ServingGroup>(),
      roles: new Map<string, RoleInstance>(),
      pods: new Map<string, Pod>(),
      scalingoperations: new Map<string, ScalingOperation>(),
      events: new Map<string, KubeEvent>(),
      nodes: new Map<string, Node>(),
    },
    synced: new Set(),
    stale: {},
    connection: { state: 'connecting' },
    info: undefined,
    replay: undefined,
    serving: undefined,
    view: 'main',
    under: [],
    selected: { id: '', index: 0 },
    opened: new Map(),
    sort: 'name',
    filter: '',
    prompt: { kind: 'none' },
    usage: new Map(),
    can: { commands: false, readOnly: false },
    bindings: keyBindings,
    theme: 'dark',
    mouse: true,
    output: undefined,
    why: undefined,
    operation: undefined,
    boardLeft: undefined,
    scroll: 0,
    draft: undefined,
    logs: undefined,
    logGeneration: 0,
    flash: undefined,
  };
}
