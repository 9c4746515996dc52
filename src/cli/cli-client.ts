import type { ApiClient } from '../client/api-client.js';

export type { DaemonInfo, PlannedServing, PlanRequest } from '../api/control-types.js';
export type { LogRequest } from '../client/api-client.js';
export type { Change, ListOptions } from '../client/watch-resource.js';

export interface ScaleEdit {
  readonly replicas?: number;
  readonly roleReplicas?: Readonly<Record<string, number>>;
}

/** All that the commands ask of the client; tests hand in a fake. */
export type CliClient = ApiClient & {
  /** minithena does not run there: what it adds to kthena is not to be had. */
  readonly isOtherCluster?: true;
};
