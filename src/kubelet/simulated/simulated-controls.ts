import type { ContainerDetails, ContainerSpec } from '../engine.js';

/** What a test or demo can do to the simulated engine. Containers are named by pod and container. */
export interface SimulatedControls {
  /** The running container ends with this exit code. */
  exit(podName: string, exitCode?: number, container?: string): void;
  /** Answers of probes from now on; undefined (the start) = success. */
  onProbe(answer: ((podName: string, container: string) => boolean) | undefined): void;
  /** Images whose pull fails and that are not local. */
  breakImage(image: string, broken?: boolean): void;
  /** While true, pulls begin but do not end. */
  holdPulls(held: boolean): void;
  /** A host port that something else listens on: containers that publish it do not start. */
  takePort(hostPort: number, taken?: boolean): void;
  /** An address that a container of somebody else has: containers that want it do not start. */
  takeAddress(ip: string): void;
  /** The API stops answering; containers run on. */
  disconnect(reason?: string): void;
  connect(): void;
  /** The engine itself goes down and comes back: every container is stopped, then the API answers again. Some engines report the deaths first, and some of these go on answering on old connections for a while. */
  restart(options?: { reportsDeaths?: boolean; lingersMs?: number }): void;
  /** Everything there is, in order of creation. */
  containers(): readonly (ContainerDetails & { spec: ContainerSpec })[];
  /** Engine calls made so far, e.g. `create NAME`. */
  calls(): readonly string[];
}
