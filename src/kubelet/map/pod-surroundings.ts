import type { NodeGpus } from '../../api/node-gpus.js';
import type { ReferredObjects } from './referred-objects.js';

/** What the mapping needs to know besides the Pod itself. */
export interface PodSurroundings {
  cluster: { name: string; id: string };
  podIp: string;
  hostIp: string;
  /** False where pods are reached through published ports only; absent: true. */
  hostReachesPods?: boolean;
  /** What the engine's machine has. */
  cpus: number;
  memoryBytes: number;
  /** What the pod may refer to in its namespace; absent: nothing. */
  objects?: ReferredObjects;
  /** The GPUs of the node; absent: none. */
  gpus?: NodeGpus;
  /** OCI runtimes of the engine; absent where it does not tell. */
  runtimes?: readonly string[];
  /** The entry pod of the role instance, where the network's own names do not tell: to or from a pod on the host's network. */
  entry?: { names: readonly string[]; ip: string };
  /** Host ports chosen earlier, by `<containerPort>/<protocol>`; a port that is absent is left to the engine. */
  hostPorts: Readonly<Record<string, number>>;
}
