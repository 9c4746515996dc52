/** `grpc.health.v1.Health/Check`, whose two messages have one field each: the service's name, and the state. */
const check = '/grpc.health.v1.Health/Check';
const states = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

const asRequest = (service: string): Buffer => {
  const name = Buffer.from(service);
  return name.length === 0 ? name : Buffer.concat([Buffer.of(0x0a, name.length), name]);
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
  const client = new Client(`${at.host}:${at.port}`, credentials.createInsecure());
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest(
        check,
        asRequest,
        asState,
        service.slice(0, 127),
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
