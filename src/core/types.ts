/**
 * The vocabulary of the decisions. Everything here is data: `plan` maps Desired and Observed to Actions and Holds, `apply` folds
 * Actions into Observed, `status` and `stageRow` read Observed. No I/O, no clock (now is handed in), no randomness.
 */
import type { IntOrPercent, RecoveryPolicy, RoleSpec, RolloutType } from '../api/types/model-serving.js';
import type { GroupStatus, Hold } from '../api/types/resources.js';

export type Rules = 'ordinal' | 'upstream';
export type Counts = Readonly<Record<string, number>>;

/** What the spec in force asks for. */
export interface Desired {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly replicas: number;
  readonly roles: readonly RoleSpec[];
  /** As the file has them, where the stand-in takes the place of images. */
  readonly writtenRoles?: readonly RoleSpec[];
  readonly revision: string;
  /** role name → role-template-hash of the spec in force */
  readonly roleHashes: Readonly<Record<string, string>>;
  readonly rolloutType: RolloutType;
  readonly maxUnavailable?: IntOrPercent;
  readonly partition?: IntOrPercent;
  readonly recoveryPolicy: RecoveryPolicy;
  readonly restartGraceMs: number;
  readonly rules: Rules;
  readonly paused: boolean;
  /** The ModelServing itself is being deleted. */
  readonly deleting: boolean;
}

export interface Observed {
  readonly groups: readonly GroupObserved[];
  /** Stored templates by revision. */
  readonly revisions: Readonly<Record<string, readonly RoleSpec[]>>;
  readonly currentRevision: string;
  /** Back-off by name of group or `<group>-<roleId>`; survives the deletion of what it names. */
  readonly backOff: Readonly<Record<string, BackOff>>;
}

export interface BackOff {
  readonly failures: number;
  readonly lastFailureMs: number;
  /** The template that failed; undefined in records of before it was kept. */
  readonly revision?: string;
}

export interface GroupObserved {
  readonly ordinal: number;
  /** What was decided before and must survive a restart; the persisted part of a group. */
  readonly record: GroupRecord;
  readonly instances: readonly InstanceObserved[];
}

export interface GroupRecord {
  /** The counts it was last told to have. */
  readonly counts: Counts;
  readonly revision: string;
  /** Last status; Deleting never changes to another. */
  readonly status: GroupStatus;
  readonly deleting?: { readonly reason: string; readonly atMs: number };
}

export interface InstanceObserved {
  readonly role: string;
  readonly ordinal: number;
  readonly roleId: string;
  readonly revision: string;
  readonly templateHash: string;
  /** Recorded (by roleId and pod UIDs), so that a restart goes on with the same victim. */
  readonly deleting?: { readonly reason: string; readonly atMs: number };
  readonly pods: readonly PodObserved[];
  /** Services of it still exist. */
  readonly services: number;
  /** Pod indexes that were seen alive and are gone without our doing. */
  readonly lost: readonly number[];
}

export interface PodObserved {
  readonly index: number;
  readonly name: string;
  readonly uid: string;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  /** Ready condition true and no deletionTimestamp. */
  readonly ready: boolean;
  readonly deleting: boolean;
  /** Phase Failed, or restarted since it was last ready; the reason and since when. */
  readonly failed?: { readonly reason: string; readonly message: string; readonly sinceMs: number };
  /** Why it cannot become Running by itself soon: InsufficientGPU, GangWaiting, ErrImagePull, ImagePullBackOff, CrashLoopBackOff, CreateContainerConfigError … */
  readonly heldUp?: { readonly reason: string; readonly message: string };
  /** Its turn has not come, and will by itself: for what it waits. */
  readonly waitsFor?: string;
  readonly restarts: number;
  readonly deletionCost: number;
}

/** Why an action is taken. */
export type Reason =
  | 'MissingOrdinal'
  | 'OutOfRange'
  | 'CountsChanged'
  | 'MissingInstance'
  | 'SurplusInstance'
  | 'IncompleteInstance'
  | 'Outdated'
  | 'RoleRemoved'
  | 'PodFailed'
  | 'PodLost'
  | 'ModelServingDeleted'
  | 'AdoptRevision';

/** One step. `candidates` are the labels (`G-3`, `G-3/prefill-1`) that were weighed, the chosen first. */
export type Action = {
  readonly reason: Reason;
  readonly message: string;
  readonly candidates: readonly string[];
} & (
  | {
      readonly type: 'CreateGroup';
      readonly group: number;
      readonly revision: string;
      readonly counts: Counts;
    }
  | { readonly type: 'DeleteGroup'; readonly group: number; readonly failed?: boolean }
  | { readonly type: 'SetCounts'; readonly group: number; readonly counts: Counts }
  | { readonly type: 'SetRevision'; readonly group: number; readonly revision: string }
  | {
      readonly type: 'CreateInstance';
      readonly group: number;
      readonly role: string;
      readonly ordinal: number;
      readonly revision: string;
    }
  /** failed: the deletion is a recovery and counts for the back-off. */
  | {
      readonly type: 'DeleteInstance';
      readonly group: number;
      readonly role: string;
      readonly ordinal: number;
      readonly failed?: boolean;
    }
  | {
      readonly type: 'CreatePod';
      readonly group: number;
      readonly role: string;
      readonly ordinal: number;
      readonly podIndex: number;
    }
  | {
      readonly type: 'DeletePod';
      readonly group: number;
      readonly role: string;
      readonly ordinal: number;
      readonly podIndex: number;
      readonly uid: string;
    }
);

export interface Plan {
  readonly actions: readonly Action[];
  readonly holds: readonly Hold[];
  readonly recheckAfterMs?: number;
}
