/** Channels of Kubernetes' `v4.channel.k8s.io` and `v5.channel.k8s.io`: the first byte of each message says whose the rest is. */
export const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

export const channelFrame = (to: number, data: Uint8Array | string): Buffer =>
  Buffer.concat([Buffer.of(to), typeof data === 'string' ? Buffer.from(data) : data]);
