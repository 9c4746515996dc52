/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export const secondsText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** RFC 3339 with six decimals: Kubernetes' MicroTime. */
export const microsText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}000Z`;
