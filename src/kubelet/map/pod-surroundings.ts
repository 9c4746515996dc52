/** What the mapping needs to know besides the Pod itself. */
export interface PodSurroundings {
  cluster: { name: string; id: string };
  podIp: string;
  hostIp: string;
  /** What the engine's machine has. */
  cpus: number;
  memoryBytes: number;
  /** Host ports chosen earlier, by `<containerPort>/<protocol>`; a port that is absent is left to the engine. */
  hostPorts: Readonly<Record<string, number>>;
}
