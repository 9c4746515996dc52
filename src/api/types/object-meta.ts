import type { ManagedFieldsEntry, OwnerReference } from 'kubernetes-types/meta/v1.js';

/** Metadata as the store keeps it: name and namespace always there, the rest as Kubernetes has it. Times are RFC 3339. */
export interface ObjectMeta {
  name: string;
  namespace: string;
  /** What its name was made of. */
  generateName?: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: ManagedFieldsEntry[];
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  lastTransitionTime: string;
  observedGeneration?: number;
}
