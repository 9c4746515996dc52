/** `grpc.health.v1.Health/Check`, whose two messages have one field each: the service's name, and the state. */
const check = '/grpc.health.v1.Health/Check';
const states = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

const asRequest = (service: string): Buffer => {
  const name = Buffer.from(service);
  if (name.length === 0) return name;
  const length: number[] = [];
  for (let left = name.length; length.length === 0 || left > 0; left >>>= 7)
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
  return Buffer.concat([Buffer.of(0x0a, ...length), name]);
};
const asState = (reply: Buffer): string => states[reply[0] === 0x08 ? (reply[1] ?? 0) : 0] ?? 'UNKNOWN';

/** Asks once; undefined when the service serves, else why not. Never throws. */
export async function grpcProbe(
  at: { host: string; port: number },
  service: string,
  timeoutMs: number,
): Promise<string | undefined> {
  // Not at the start of the daemon: few pods have such a probe.
  const { Client, credentials } = await import('@grpc/grpc-js');
  const client = new Client(`${at.host}:${at.port}`, credentials.createInsecure(), {
    // A connection of its own: a shared one that failed is kept back for up to two minutes, and a server that is up by now waits as long.
    'grpc.use_local_subchannel_pool': 1,
    // The proxy of this machine's user does not reach pods.
    'grpc.enable_http_proxy': 0,
    'grpc.primary_user_agent': 'kube-probe/1.30',
  });
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest(
        check,
        asRequest,
        asState,
        service,
        { deadline: Date.now() + timeoutMs },
        (error, state) =>
          resolve(
            error
              ? `grpc: ${error.details || error.message}`
              : state === 'SERVING'
                ? undefined
                : `service unhealthy (responded with "${state ?? 'nothing'}")`,
          ),
      );
    });
  } finally {
    client.close();
  }
}
