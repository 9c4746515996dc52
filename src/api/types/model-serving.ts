import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js';
import type { Condition, ObjectMeta } from './object-meta.js';

export type IntOrPercent = number | string;
export type RecoveryPolicy = 'ServingGroupRecreate' | 'RoleRecreate' | 'None';
export type RolloutType = 'ServingGroupRollingUpdate' | 'RoleRollingUpdate';

/** A role after parsing: replicas defaulted, everything else as the user wrote it (aliases resolved, nulls dropped). */
export interface RoleSpec {
  name: string;
  replicas: number;
  workerReplicas: number;
  entryTemplate: PodTemplateSpec;
  workerTemplate?: PodTemplateSpec;
  maxUnavailable?: IntOrPercent;
  partition?: IntOrPercent;
}

export interface ModelServingSpec {
  replicas: number;
  recoveryPolicy: RecoveryPolicy;
  schedulerName?: string;
  plugins?: { name: string; type?: string; config?: unknown }[];
  rolloutStrategy: {
    type: RolloutType;
    rollingUpdateConfiguration?: { maxUnavailable?: IntOrPercent; partition?: IntOrPercent };
  };
  template: {
    restartGracePeriodSeconds: number;
    gangPolicy?: { minRoleReplicas?: Record<string, number> };
    networkTopology?: unknown;
    roles: RoleSpec[];
  };
}

export interface ModelServingStatus {
  observedGeneration: number;
  replicas: number;
  availableReplicas: number;
  updatedReplicas: number;
  currentReplicas: number;
  updateRevision: string;
  currentRevision: string;
  labelSelector: string;
  conditions: Condition[];
}

export interface ModelServing {
  apiVersion: 'workload.serving.volcano.sh/v1alpha1';
  kind: 'ModelServing';
  metadata: ObjectMeta;
  spec: ModelServingSpec;
  status?: ModelServingStatus;
}
