import { gpuAnnotations } from '../api/node-gpus.js';
import type { Node } from '../api/types/resources.js';
import type { EngineInfo } from '../kubelet/engine.js';
import type { Clock } from '../lib/clock.js';
import { secondsText } from '../lib/time-text.js';
import { nodeName } from '../store/engine-is-away.js';
import type { ObjectStore } from '../store/object-store.js';
import { type NodeCapacity, nodeCapacity } from './node-capacity.js';

/** Writes the one Node: what the engine is, and whether it answers. Ready=Unknown stops every pass of the controller. */
export function keepNode(options: {
  store: ObjectStore;
  clock: Clock;
  info: EngineInfo;
  state: { reachable: boolean; message: string };
  /** Absent: what the engine has, without GPUs. */
  capacity?: NodeCapacity;
}): void {
  const { store, clock, info, state, capacity = nodeCapacity(info, {}, { ids: [] }) } = options;
  const before = store.get('nodes', '', nodeName);
  const status = state.reachable ? 'True' : 'Unknown';
  const old = before?.status?.conditions?.find((each) => each.type === 'Ready');
  const since = old?.status === status ? old.lastTransitionTime : secondsText(clock.now());
  const { amounts, gpus } = capacity;
  const node: Node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: nodeName,
      namespace: '',
      labels: { 'kubernetes.io/hostname': nodeName },
      annotations: gpuAnnotations(gpus),
    },
    spec: {},
    status: {
      capacity: amounts,
      allocatable: amounts,
      nodeInfo: {
        architecture: info.architecture,
        bootID: '',
        containerRuntimeVersion: `${info.kind}://${info.version}`,
        kernelVersion: '',
        kubeProxyVersion: '',
        kubeletVersion: '',
        machineID: info.engineId,
        operatingSystem: 'linux',
        osImage: info.operatingSystem,
        systemUUID: '',
      },
      conditions: [
        {
          type: 'Ready',
          status,
          reason: state.reachable ? 'EngineAnswers' : 'EngineUnreachable',
          message: state.message || 'the engine answers',
          ...(since && { lastTransitionTime: since }),
        },
      ],
    },
  };
  if (before) store.update('nodes', node);
  else store.create('nodes', node);
}
