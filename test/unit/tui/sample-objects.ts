/** Objects as the daemon serves them, for models and screens: a ModelServing with prefill and decode roles. */
import { label } from '../../../src/api/labels.js';
import type { ModelServing } from '../../../src/api/types/model-serving.js';
import type {
  Cell,
  Hold,
  KubeEvent,
  Pod,
  RoleInstance,
  ScalingOperation,
  ServingGroup,
} from '../../../src/api/types/resources.js';

export const nowMs = Date.UTC(2026, 7, 1, 12, 0, 0);
export const ago = (seconds: number): string => new Date(nowMs - seconds * 1000).toISOString();
const namespace = 'default';
const template = { spec: { containers: [{ name: 'vllm', image: 'minithena/vllm-standin:latest' }] } };

export function modelServing(
  name: string,
  replicas: number,
  changes: Partial<ModelServing['status']> = {},
): ModelServing {
  const role = (roleName: string, count: number) => ({
    name: roleName,
    replicas: count,
    workerReplicas: 0,
    entryTemplate: template,
  });
  return {
    apiVersion: 'workload.serving.volcano.sh/v1alpha1',
    kind: 'ModelServing',
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      generation: 2,
      creationTimestamp: ago(600),
      annotations: { 'minithena.dev/file': 'examples/prefill-decode.yaml' },
    },
    spec: {
      replicas,
      recoveryPolicy: 'RoleRecreate',
      rolloutStrategy: { type: 'ServingGroupRollingUpdate' },
      template: { restartGracePeriodSeconds: 0, roles: [role('prefill', 1), role('decode', 1)] },
    },
    status: {
      observedGeneration: 2,
      replicas,
      availableReplicas: replicas,
      updatedReplicas: replicas,
      currentReplicas: replicas,
      updateRevision: '67b8d4b8c7',
      currentRevision: '67b8d4b8c7',
      labelSelector: '',
      conditions: [condition('Available', 'AllGroupsReady', 'All Serving groups are ready')],
      ...changes,
    },
  };
}

export const condition = (type: string, reason: string, message: string) => ({
  type,
  status: 'True' as const,
  reason,
  message,
  lastTransitionTime: ago(60),
});

type Phase = ServingGroup['status']['phase'];
export function servingGroup(
  serving: string,
  ordinal: number,
  phase: Phase = 'Running',
  why = ['', ''],
): ServingGroup {
  const ready = phase === 'Running' ? 2 : 1;
  return {
    apiVersion: 'minithena.dev/v1alpha1',
    kind: 'ServingGroup',
    metadata: { name: `${serving}-${ordinal}`, namespace, creationTimestamp: ago(300 - ordinal * 90) },
    spec: { modelServing: serving, ordinal, revision: '67b8d4b8c7', counts: { prefill: 1, decode: 1 } },
    status: {
      phase,
      reason: why[0] ?? '',
      message: why[1] ?? '',
      readyPods: ready,
      totalPods: 2,
      restarts: 0,
    },
  };
}

export function roleInstance(
  serving: string,
  group: number,
  role: string,
  ordinal = 0,
  phase: RoleInstance['status']['phase'] = 'Running',
): RoleInstance {
  const groupName = `${serving}-${group}`;
  const roleId = `${role}-${ordinal}`;
  return {
    apiVersion: 'minithena.dev/v1alpha1',
    kind: 'Role',
    metadata: { name: `${groupName}-${roleId}`, namespace, creationTimestamp: ago(300 - group * 90) },
    spec: {
      modelServing: serving,
      group: groupName,
      groupOrdinal: group,
      role,
      roleId,
      ordinal,
      revision: '67b8d4b8c7',
    },
    status: {
      phase,
      reason: '',
      message: '',
      readyPods: phase === 'Running' ? 1 : 0,
      totalPods: 1,
      restarts: 0,
    },
  };
}

type ContainerState = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number]['state'];
export function pod(
  serving: string,
  group: number,
  role: string,
  {
    ready = true,
    state,
    restarts = 0,
    phase = 'Running',
  }: {
    ready?: boolean;
    state?: ContainerState;
    restarts?: number;
    phase?: string;
  } = {},
): Pod {
  const groupName = `${serving}-${group}`;
  const name = `${groupName}-${role}-0-0`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      creationTimestamp: ago(300 - group * 90),
      labels: {
        [label.modelServing]: serving,
        [label.group]: groupName,
        [label.role]: role,
        [label.roleId]: `${role}-0`,
        [label.entry]: 'true',
      },
    },
    spec: { ...template.spec, nodeName: 'minithena' },
    status: {
      phase,
      podIP: '172.18.0.5',
      conditions: [
        ready
          ? { type: 'Ready', status: 'True' }
          : {
              type: 'Ready',
              status: 'False',
              reason: 'ContainersNotReady',
              message: 'readiness probe: connection refused',
            },
      ],
      containerStatuses: [
        {
          name: 'vllm',
          image: 'minithena/vllm-standin:latest',
          imageID: 'sha256:1',
          containerID: `docker://${name}-${restarts}`,
          ready,
          restartCount: restarts,
          state: state ?? { running: { startedAt: ago(200) } },
        },
      ],
    },
  };
}

export function operation(
  serving: string,
  generation: number,
  change: string,
  stages: readonly (readonly [Cell[], string])[],
  { phase = 'Running' as ScalingOperation['status']['phase'], holds = [] as Hold[] } = {},
): ScalingOperation {
  return {
    apiVersion: 'minithena.dev/v1alpha1',
    kind: 'ScalingOperation',
    metadata: { name: `${serving}-${generation}`, namespace },
    spec: { modelServing: serving, generation, change, kinds: [] },
    status: {
      phase,
      stages: stages.map(([cells, note], index) => ({ cells, note, startedAt: ago(40 - index * 10) })),
      holds,
      startedAt: ago(phase === 'Running' ? 40 : 240),
      ...(phase === 'Running' ? {} : { completedAt: ago(200) }),
    },
  };
}

let eventNumber = 0;
export function event(
  subject: { kind: 'Pod' | 'ModelServing'; name: string },
  type: KubeEvent['type'],
  reason: string,
  message: string,
  secondsAgo: number,
  count = 1,
): KubeEvent {
  eventNumber += 1;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${subject.name}.${eventNumber}`, namespace },
    type,
    reason,
    message,
    involvedObject: { apiVersion: 'v1', namespace, ...subject },
    source: { component: 'controller' },
    count,
    firstTimestamp: ago(secondsAgo),
    lastTimestamp: ago(secondsAgo),
  };
}
