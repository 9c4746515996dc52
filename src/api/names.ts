/** Names of objects (kthena's scheme). Names contain hyphens: never split one, read labels instead. */
export const groupName = (modelServing: string, ordinal: number): string => `${modelServing}-${ordinal}`;
export const roleId = (role: string, ordinal: number): string => `${role}-${ordinal}`;
export const instanceName = (group: string, id: string): string => `${group}-${id}`;
/** podIndex 0 is the entry pod, 1…workerReplicas are its workers. */
export const podName = (group: string, id: string, podIndex: number): string => `${group}-${id}-${podIndex}`;
export const revisionName = (modelServing: string, revision: string): string => `${modelServing}-${revision}`;
/** How stages and holds call a ServingGroup: G-3. */
export const groupLabel = (ordinal: number): string => `G-${ordinal}`;
