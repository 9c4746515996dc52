import type { ModelServing } from '../../../src/api/types/model-serving.js';
import type { Pod } from '../../../src/api/types/resources.js';

export const nowMs = Date.parse('2026-01-01T01:00:00Z');
const created = '2026-01-01T00:54:58Z';

export const serving = (
  change: {
    replicas?: number;
    observed?: number;
    generation?: number;
    condition?: string;
    annotations?: Record<string, string>;
  } = {},
): ModelServing => ({
  apiVersion: 'workload.serving.volcano.sh/v1alpha1',
  kind: 'ModelServing',
  metadata: {
    name: 'sample',
    namespace: 'default',
    uid: 'ms-uid',
    generation: change.generation ?? 2,
    resourceVersion: '7',
    creationTimestamp: created,
    annotations: { 'minithena.dev/file': '/w/serving.yaml', ...change.annotations },
  },
  spec: {
    replicas: change.replicas ?? 2,
    recoveryPolicy: 'RoleRecreate',
    rolloutStrategy: { type: 'ServingGroupRollingUpdate' },
    template: {
      restartGracePeriodSeconds: 0,
      roles: [
        { name: 'prefill', replicas: 1, workerReplicas: 0, entryTemplate: {} },
        { name: 'decode', replicas: 2, workerReplicas: 0, entryTemplate: {} },
      ],
    },
  },
  status: {
    observedGeneration: change.observed ?? 2,
    replicas: 2,
    availableReplicas: 2,
    updatedReplicas: 2,
    currentReplicas: 2,
    updateRevision: 'abc',
    currentRevision: 'abc',
    labelSelector: '',
    conditions: [
      {
        type: change.condition ?? 'Available',
        status: 'True',
        reason: 'AllGroupsReady',
        message: 'All Serving groups are ready',
        lastTransitionTime: created,
      },
    ],
  },
});

export const pod = (
  name: string,
  change: {
    waiting?: string;
    message?: string;
    restarts?: number;
    ready?: boolean;
    uid?: string;
    exitCode?: number;
    deleting?: boolean;
    labels?: Record<string, string>;
  } = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    uid: change.uid ?? `uid-${name}`,
    resourceVersion: '9',
    creationTimestamp: created,
    labels: { 'modelserving.volcano.sh/name': 'sample', ...change.labels },
    ...(change.deleting && { deletionTimestamp: created }),
  },
  spec: { nodeName: 'minithena', containers: [{ name: 'vllm', image: 'minithena/vllm-standin:latest' }] },
  status: {
    phase: change.waiting ? 'Pending' : 'Running',
    podIP: '172.30.0.2',
    conditions: [{ type: 'Ready', status: change.waiting || change.ready === false ? 'False' : 'True' }],
    containerStatuses: [
      {
        name: 'vllm',
        image: 'minithena/vllm-standin:latest',
        imageID: 'sha256:1',
        ready: !change.waiting && change.ready !== false,
        restartCount: change.restarts ?? 0,
        state: change.waiting
          ? {
              waiting: {
                reason: change.waiting,
                ...(change.message !== undefined && { message: change.message }),
              },
            }
          : { running: { startedAt: created } },
        ...(change.exitCode !== undefined && {
          lastState: {
            terminated: { exitCode: change.exitCode, reason: 'Error', finishedAt: '2026-01-01T00:59:00Z' },
          },
        }),
      },
    ],
  },
});
