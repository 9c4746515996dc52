import { kubernetesVersion } from '../api/kubernetes-version.js';
import { gpuAnnotations } from '../api/node-gpus.js';
import type { Node } from '../api/types/resources.js';
import type { EngineInfo } from '../kubelet/engine.js';
import type { Clock } from '../lib/clock.js';
import { secondsText } from '../lib/time-text.js';
import { nodeName } from '../store/engine-is-away.js';
import type { ObjectStore } from '../store/object-store.js';
import { type NodeCapacity, nodeCapacity } from './node-capacity.js';

/** As Kubernetes calls what engines name as the machine does. */
const goNames: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

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
  const architecture = goNames[info.architecture] ?? info.architecture;
  const node: Node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: nodeName,
      namespace: '',
      labels: {
        'kubernetes.io/hostname': nodeName,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': architecture,
      },
      annotations: gpuAnnotations(gpus),
    },
    spec: {},
    status: {
      capacity: amounts,
      allocatable: amounts,
      addresses: [
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: nodeName },
      ],
      nodeInfo: {
        architecture,
        bootID: '',
        containerRuntimeVersion: `${info.kind}://${info.version}`,
        kernelVersion: info.kernelVersion ?? '',
        kubeProxyVersion: '',
        kubeletVersion: kubernetesVersion.text,
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
          // What is said here holds since then, and is not said anew while it does.
          ...(since && { lastHeartbeatTime: since, lastTransitionTime: since }),
        },
      ],
    },
  };
  if (before) store.update('nodes', node);
  else store.create('nodes', node);
}
