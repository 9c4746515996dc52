import { Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { grpcProbe } from '../../../src/kubelet/probe/grpc-probe.js';

/** A health service of the real protocol: "" serves, "model" does not, "slow" never answers, others are unknown. */
const server = new Server();
let port = 0;
beforeAll(async () => {
  const raw = (bytes: Buffer) => bytes;
  server.addService(
    {
      check: {
        path: '/grpc.health.v1.Health/Check',
        requestStream: false,
        responseStream: false,
        requestSerialize: raw,
        requestDeserialize: raw,
        responseSerialize: raw,
        responseDeserialize: raw,
      },
    },
    {
      check: (call: { request: Buffer }, answer: (error: object | null, reply?: Buffer) => void) => {
        const name = call.request.subarray(2).toString();
        if (name === '') answer(null, Buffer.of(8, 1));
        else if (name === 'model') answer(null, Buffer.of(8, 2));
        else if (name !== 'slow') answer({ code: 5, details: 'unknown service' });
      },
    } as never,
  );
  port = await new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
});
afterAll(() => server.forceShutdown());

it.each([
  ['', undefined],
  ['model', 'service unhealthy (responded with "NOT_SERVING")'],
  ['other', 'grpc: unknown service'],
])('service "%s": %s', async (service, expected) => {
  expect(await grpcProbe({ host: '127.0.0.1', port }, service, 5000)).toBe(expected);
});

it('no answer in time, and nobody there, are failures', async () => {
  expect(await grpcProbe({ host: '127.0.0.1', port }, 'slow', 200)).toMatch(/grpc: .*(deadline|Deadline)/);
  expect(await grpcProbe({ host: '127.0.0.1', port: 1 }, '', 2000)).toMatch(/grpc: /);
});
