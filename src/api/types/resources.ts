import type {
  NamespaceCondition,
  NodeStatus,
  PersistentVolumeClaimSpec,
  PodSpec,
  PodStatus,
  ServiceSpec,
} from 'kubernetes-types/core/v1.js';
import type { ModelServing, RoleSpec } from './model-serving.js';
import type { ObjectMeta } from './object-meta.js';

export interface Pod {
  apiVersion: 'v1';
  kind: 'Pod';
  metadata: ObjectMeta;
  spec: PodSpec;
  status?: PodStatus;
}
export interface Service {
  apiVersion: 'v1';
  kind: 'Service';
  metadata: ObjectMeta;
  spec: ServiceSpec;
}
/** core/v1 Event, with the fields that people and kubectl read. */
export interface KubeEvent {
  apiVersion: 'v1';
  kind: 'Event';
  metadata: ObjectMeta;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  involvedObject: { apiVersion: string; kind: string; namespace: string; name: string; uid?: string };
  source: { component: string };
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
  /** With six decimals, as all micro times: when it happened first. */
  eventTime?: string;
  /** Once it has happened again. */
  series?: { count: number; lastObservedTime: string };
  reportingComponent?: string;
  reportingInstance?: string;
}
export interface Node {
  apiVersion: 'v1';
  kind: 'Node';
  metadata: ObjectMeta;
  spec: { unschedulable?: boolean };
  status?: NodeStatus;
}
export interface Namespace {
  apiVersion: 'v1';
  kind: 'Namespace';
  metadata: ObjectMeta;
  spec?: { finalizers?: string[] };
  status?: { phase: 'Active' | 'Terminating'; conditions?: readonly NamespaceCondition[] };
}
/** Kinds of kthena that are kept for their clients; nothing here acts on them. */
export interface Unacted<Kind extends string> {
  apiVersion: string;
  kind: Kind;
  metadata: ObjectMeta;
  spec?: unknown;
  status?: unknown;
}
/** `data.roles` is the stored template of a revision, with the counts last in force while it was current. */
export interface ControllerRevision {
  apiVersion: 'apps/v1';
  kind: 'ControllerRevision';
  metadata: ObjectMeta;
  revision: number;
  /** written: as the file had them, where the stand-in took the place of images. */
  data: { roles: RoleSpec[]; written?: RoleSpec[] };
}

/** `data` is text, `binaryData` base64. A key stands in one of them only. */
export interface ConfigMap {
  apiVersion: 'v1';
  kind: 'ConfigMap';
  metadata: ObjectMeta;
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
  immutable?: boolean;
}
/** `data` is base64; what was written as `stringData` is in it already. */
export interface Secret {
  apiVersion: 'v1';
  kind: 'Secret';
  metadata: ObjectMeta;
  type: string;
  data?: Record<string, string>;
  immutable?: boolean;
}
/** A volume of the engine that outlives the Pods using it. */
export interface PersistentVolumeClaim {
  apiVersion: 'v1';
  kind: 'PersistentVolumeClaim';
  metadata: ObjectMeta;
  spec: PersistentVolumeClaimSpec;
  status?: { phase: 'Bound'; capacity?: Record<string, string>; accessModes?: string[] };
}

export type GroupStatus = 'Creating' | 'Running' | 'Scaling' | 'Deleting';
export type InstanceStatus = 'Creating' | 'Running' | 'Deleting';

/** One reason why something is not yet as the spec says; the same words go to events, CLI, TUI and API. */
export interface Hold {
  /** `G-3`, `G-3/prefill-1`, or '' for the ModelServing itself. */
  subject: string;
  reason: string;
  message: string;
}

/** Read-only, minithena.dev/v1alpha1: what the controller believes about one ServingGroup. */
export interface ServingGroup {
  apiVersion: 'minithena.dev/v1alpha1';
  kind: 'ServingGroup';
  metadata: ObjectMeta;
  spec: { modelServing: string; ordinal: number; revision: string; counts: Record<string, number> };
  /** reason and message say why it is not Running; '' when it is. */
  status: {
    phase: GroupStatus;
    reason: string;
    message: string;
    readyPods: number;
    totalPods: number;
    restarts: number;
  };
}
/** Read-only: one role instance (entry pod and its workers). Name: `<group>-<roleId>`. */
export interface RoleInstance {
  apiVersion: 'minithena.dev/v1alpha1';
  kind: 'Role';
  metadata: ObjectMeta;
  spec: {
    modelServing: string;
    group: string;
    groupOrdinal: number;
    role: string;
    roleId: string;
    ordinal: number;
    revision: string;
  };
  status: {
    phase: InstanceStatus;
    reason: string;
    message: string;
    readyPods: number;
    totalPods: number;
    restarts: number;
  };
}

export type Cell = '✅' | '❎' | '⏳' | '';
/** One row of the stage board: a cell per ordinal, the index is the ordinal. */
export interface Stage {
  cells: Cell[];
  note: string;
  startedAt: string;
}
/** What one change of the spec caused, from its first stage to its last. Name: `<ms>-<generation>`. */
export interface ScalingOperation {
  apiVersion: 'minithena.dev/v1alpha1';
  kind: 'ScalingOperation';
  metadata: ObjectMeta;
  /** change: e.g. "replicas 3 → 4", "prefill 1 → 2", "template 67b8d4b8c7 → 9fddc6b4f5". */
  spec: {
    modelServing: string;
    generation: number;
    change: string;
    kinds: ('create' | 'up' | 'down' | 'roles' | 'template' | 'delete')[];
  };
  status: {
    phase: 'Running' | 'Complete' | 'Superseded';
    stages: Stage[];
    holds: Hold[];
    startedAt: string;
    completedAt?: string;
  };
}

/** Every kind the store can hold, by its Kubernetes plural. */
export interface Resources {
  modelservings: ModelServing;
  pods: Pod;
  services: Service;
  events: KubeEvent;
  nodes: Node;
  namespaces: Namespace;
  controllerrevisions: ControllerRevision;
  configmaps: ConfigMap;
  secrets: Secret;
  persistentvolumeclaims: PersistentVolumeClaim;
  servinggroups: ServingGroup;
  roles: RoleInstance;
  scalingoperations: ScalingOperation;
  modelservers: Unacted<'ModelServer'>;
  modelroutes: Unacted<'ModelRoute'>;
  modelboosters: Unacted<'ModelBooster'>;
  autoscalingpolicies: Unacted<'AutoscalingPolicy'>;
  autoscalingpolicybindings: Unacted<'AutoscalingPolicyBinding'>;
}
export type ResourceName = keyof Resources;
export type AnyResource = Resources[ResourceName];
