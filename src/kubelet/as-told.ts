import type { ContainerDetails } from './engine.js';
import type { PodRecord } from './pod-record.js';

/** What the engine says of a container, with the exit code that a drill wanted it to have. Pure. */
export function asTold({ toldExits }: PodRecord, details: ContainerDetails): ContainerDetails {
  const code = toldExits?.[details.containerId];
  return code === undefined || details.state !== 'exited' ? details : { ...details, exitCode: code };
}
