/** Channels of Kubernetes' `v4.channel.k8s.io` and `v5.channel.k8s.io`: the first byte of each message says whose the rest is. */
export const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

export const channelFrame = (to: number, data: Uint8Array | string): Buffer =>
  Buffer.concat([Buffer.of(to), typeof data === 'string' ? Buffer.from(data) : data]);

/** What is spoken for a session, the best first. v5 can end the input alone. */
export const execProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
/** Kubernetes' has no word for the end of one direction; between our own ends it is v5's. */
export const forwardProtocols = ['ends.v4.channel.minithena.dev', 'v4.channel.k8s.io'];

/** kubectl's: SPDY inside the messages. Its name is none that WebSocket libraries let pass. */
export const forwardTunnel = 'SPDY/3.1+portforward.k8s.io';

/** Whether the other side understands that one direction has ended. */
export const tellsEnds = (protocol: string): boolean =>
  protocol === execProtocols[0] || protocol === forwardProtocols[0];
