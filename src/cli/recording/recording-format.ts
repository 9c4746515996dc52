import type { Resources } from '../../api/types/resources.js';

/** What the board shows, in the order in which a first list is written; the kind of each as it stands in a recording. */
export const recordedKinds = {
  nodes: 'Node',
  modelservings: 'ModelServing',
  servinggroups: 'ServingGroup',
  roles: 'Role',
  pods: 'Pod',
  scalingoperations: 'ScalingOperation',
  events: 'Event',
} as const satisfies Partial<{ [K in keyof Resources]: Resources[K]['kind'] }>;

export type RecordedResource = keyof typeof recordedKinds;
export const recordedResources = Object.keys(recordedKinds) as readonly RecordedResource[];
export const resourceOfKind: ReadonlyMap<string, RecordedResource> = new Map(
  recordedResources.map((resource) => [recordedKinds[resource], resource]),
);

export const recordingFormat = 'minithena-recording';
export const recordingVersion = 1;

/** The first line. */
export interface RecordingHeader {
  readonly format: typeof recordingFormat;
  readonly version: typeof recordingVersion;
  readonly startedAt: string;
  /** Of the program that wrote it. */
  readonly minithena: string;
  readonly cluster: string;
  readonly engine: { readonly kind: string; readonly version: string };
  /** In words, for who opens the file. */
  readonly leftOut: string;
}

/** Every other line. SYNCED and DISCONNECTED are those of the watch of one kind: contact was lost, and a new list is complete. */
export type RecordedChange =
  | {
      readonly atMs: number;
      readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
      readonly kind: string;
      readonly object: Resources[RecordedResource];
    }
  | { readonly atMs: number; readonly type: 'SYNCED'; readonly kind: string }
  | { readonly atMs: number; readonly type: 'DISCONNECTED'; readonly kind: string; readonly message: string };

export interface Recording {
  readonly file: string;
  readonly header: RecordingHeader;
  readonly startedMs: number;
  /** Of the last change. */
  readonly lengthMs: number;
  /** In the order of time. */
  readonly changes: readonly RecordedChange[];
  /** The last line was half there and is left out: the recorder was killed. */
  readonly cutShort: boolean;
}

export const leftOut =
  'Secrets, ConfigMaps, pod templates, env, commands, volumes and logs; values of Secrets and env are *** in messages';
