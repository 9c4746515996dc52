import { entryPodName, type InstanceIdentity, instanceLabels, ownerReferences } from './instance-meta.js';
import { label } from './labels.js';
import type { Service } from './types/resources.js';

/**
 * The headless Service that gives an entry pod its address before it is ready. Only instances of roles with a workerTemplate have one;
 * the caller decides that. Pure.
 */
export const generateService = (of: InstanceIdentity): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: entryPodName(of),
    namespace: of.modelServing.namespace,
    labels: instanceLabels(of),
    ownerReferences: ownerReferences(of),
  },
  spec: {
    clusterIP: 'None',
    publishNotReadyAddresses: true,
    selector: { ...instanceLabels(of), [label.entry]: 'true' },
  },
});
