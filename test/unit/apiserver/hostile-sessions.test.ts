import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ExecSession, PodSessions } from '../../../src/api/pod-sessions.js';
import { AppError } from '../../../src/lib/app-error.js';
import { serve } from './serve.js';

let on: Awaited<ReturnType<typeof serve>> | undefined;
afterEach(() => on?.close());

const until = async (isSo: () => boolean) => {
  const deadline = Date.now() + 30_000;
  while (!isSo() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isSo()).toBe(true);
};
const open = (path: string) =>
  new WebSocket(
    `wss://127.0.0.1:${on?.server.port}/api/v1/namespaces/default/pods/p/${path}`,
    ['v4.channel.k8s.io'],
    {
      headers: { authorization: 'Bearer secret' },
      rejectUnauthorized: false,
    },
  );

it('takes sizes of terminals that are none and frames of no channel', async () => {
  const sizes: number[][] = [];
  let end = () => {};
  let isClosed = false;
  const ended = new Promise<void>((resolve) => (end = resolve));
  async function* output(): ExecSession['output'] {
    yield { stream: 'stdout', data: Buffer.from('begun') };
    await ended;
  }
  const session: ExecSession = {
    output: output(),
    write: async () => {},
    endInput() {},
    resize: async (width, height) => void sizes.push([width, height]),
    exitCode: async () => 0,
    close: () => (isClosed = true),
  };
  on = await serve({ sessions: { exec: async () => session } as unknown as PodSessions });
  const ws = open('exec?command=sh&stdin=true');
  let begun = false;
  let last = '';
  ws.on('message', (data: Buffer) => {
    begun = true;
    if (data[0] === 3) last = data.subarray(1).toString();
  });
  await until(() => begun);
  for (const text of ['null', '3', '"x"', '[]', '{', '{"Width":-1,"Height":2}', '{"Width":"9","Height":9}'])
    ws.send(Buffer.from(`\u0004${text}`));
  for (const frame of ['', '\u0000', '\u0000input', '\u0000more', '\u0009x', '\u0001x'])
    ws.send(Buffer.from(frame));
  ws.send(Buffer.from('\u0004{"Width":80,"Height":24}'));
  await until(() => sizes.length > 0);
  expect(sizes).toEqual([[80, 24]]);
  end();
  await until(() => ws.readyState === WebSocket.CLOSED);
  expect(JSON.parse(last)).toMatchObject({ status: 'Success' });
  expect(isClosed).toBe(true);
});

it('keeps no connection to a pod of which another port cannot be had, or whose client has gone', async () => {
  const sockets: Socket[] = [];
  let others = 0;
  const pod = createServer((socket) => {
    others += 1;
    socket.on('close', () => (others -= 1));
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const dial = async (_ref: unknown, port: number): Promise<Socket> => {
    if (port === 2) throw new AppError('Failed', 'nobody listens on port 2');
    if (port === 3) await held;
    const socket = connect((pod.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket);
    return socket;
  };
  on = await serve({ sessions: { dial } as unknown as PodSessions });
  const refused = open('portforward?ports=1,2');
  await until(() => refused.readyState === WebSocket.CLOSED);
  await until(() => sockets.length === 1 && sockets[0]?.destroyed === true);
  const gone = open('portforward?ports=3');
  await until(() => gone.readyState === WebSocket.OPEN);
  gone.terminate();
  await until(() => gone.readyState === WebSocket.CLOSED);
  await new Promise((resolve) => setImmediate(resolve));
  release();
  await until(() => sockets.length === 2 && sockets[1]?.destroyed === true);
  await until(() => others === 0);
  pod.close();
});

it.each([
  'ports=80.5',
  'ports=',
  'ports=1e1',
  `ports=${Array.from({ length: 200 }, (_, at) => at + 1).join(',')}`,
])('refuses to forward %s', async (query) => {
  on = await serve();
  const ws = open(`portforward?${query}`);
  let status: number | undefined;
  ws.on('unexpected-response', (_request, response) => (status = response.statusCode));
  ws.on('error', () => {});
  await until(() => status !== undefined);
  expect(status).toBe(400);
});
