import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ExecSession, PodSessions } from '../../../src/api/pod-sessions.js';
import { connect } from '../../../src/client/api-client.js';
import { AppError } from '../../../src/lib/app-error.js';
import { serve } from './serve.js';

const encode = (text: string) => Buffer.from(text);

describe('sessions that cannot be had', () => {
  const refusal = async (path: string, headers: object, sessions: Partial<PodSessions> = {}) => {
    const server = await serve({ sessions: sessions as PodSessions });
    try {
      const { status, json } = await server.call('GET', path, {
        headers: { connection: 'Upgrade', ...headers },
      });
      return { status, body: json() as unknown as { message: string; reason: string } };
    } finally {
      await server.close();
    }
  };
  const path = '/api/v1/namespaces/default/pods/p/exec?command=ls';
  const webSocket = {
    upgrade: 'websocket',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'v5.channel.k8s.io',
  };

  it('over SPDY: the answer names the kubectl that can', async () => {
    const { status, body } = await refusal(path, { upgrade: 'SPDY/3.1' });
    expect(status).toBe(400);
    expect(body.message).toMatch(/WebSocket .*kubectl 1\.30/);
  });
  it('without the token', async () => {
    const { status } = await refusal(path, { ...webSocket, authorization: 'Bearer other' });
    expect(status).toBe(401);
  });
  it('under a foreign name', async () => {
    const { status } = await refusal(path, { ...webSocket, host: 'evil.test' });
    expect(status).toBe(403);
  });
  it('of a pod that is not there: before the protocol is changed', async () => {
    const exec = () => Promise.reject(new AppError('NotFound', 'pods "p" not found'));
    const { status, body } = await refusal(path, webSocket, { exec });
    expect([status, body.reason, body.message]).toEqual([404, 'NotFound', 'pods "p" not found']);
  });
});

describe('a command', () => {
  /** Echoes what it is given until the input ends, and then exits with the number of bytes. */
  const echoing = (): ExecSession => {
    let bytes = 0;
    let wake = () => {};
    let ended = false;
    const queue: Uint8Array[] = [];
    async function* output(): ExecSession['output'] {
      yield { stream: 'stderr', data: encode('begun') };
      for (;;) {
        const data = queue.shift();
        if (data) yield { stream: 'stdout', data };
        else if (ended) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    }
    return {
      output: output(),
      async write(data) {
        bytes += data.length;
        queue.push(data);
        wake();
      },
      endInput() {
        ended = true;
        wake();
      },
      resize: async () => {},
      exitCode: async () => bytes,
      close: () => {},
    };
  };

  it('has its streams, the end of its input and its exit code carried', async () => {
    const asked: unknown[] = [];
    const server = await serve({
      sessions: {
        exec: async (ref: unknown, options: unknown) => {
          asked.push(ref, options);
          return echoing();
        },
      } as unknown as PodSessions,
    });
    const client = await connect({ kubeconfig: server.kubeconfig });
    const session = await client.exec(
      { namespace: 'default', pod: 'p', container: 'c' },
      { command: ['cat', '-'], tty: false, stdin: true },
    );
    await session.write(encode('abc'));
    session.endInput();
    const heard: string[] = [];
    for await (const { stream, data } of session.output)
      heard.push(`${stream} ${Buffer.from(data).toString()}`);
    expect(heard).toEqual(['stderr begun', 'stdout abc']);
    expect(await session.exitCode()).toBe(3);
    expect(asked).toEqual([
      { namespace: 'default', pod: 'p', container: 'c' },
      { command: ['cat', '-'], tty: false, stdin: true },
    ]);
    await client.close();
    await server.close();
  });
});

describe('a command whose client never comes to it', () => {
  it('ends when the handshake is none', async () => {
    let closed = 0;
    const session = { output: [], exitCode: async () => 0, close: () => (closed += 1) };
    const server = await serve({
      sessions: { exec: async () => session } as unknown as PodSessions,
    });
    const answer = await server.call('GET', '/api/v1/namespaces/default/pods/p/exec?command=ls', {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': 'no key',
        'sec-websocket-version': '13',
        'sec-websocket-protocol': 'v5.channel.k8s.io',
      },
    });
    expect([answer.status, closed]).toEqual([400, 1]);
    await server.close();
  });
});

describe('a forwarded port', () => {
  const listening = async (handle: (socket: Socket) => void): Promise<{ server: Server; port: number }> => {
    const server = createServer({ allowHalfOpen: true }, handle).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return { server, port: (server.address() as AddressInfo).port };
  };
  // By its events: a socket that is iterated over is destroyed at the end of what it reads.
  const textOf = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      let text = '';
      socket.on('data', (piece) => {
        text += String(piece);
      });
      socket.once('close', () => resolve(text));
      socket.once('end', () => resolve(text));
    });
  const opened = (port: number) => dial({ host: '127.0.0.1', port, allowHalfOpen: true });

  /** What a client hears until the end, of a pod that does `answer`; it ends what it says itself after `says`. */
  const heardOf = async (answer: (socket: Socket) => void, says?: string): Promise<string> => {
    const pod = await listening(answer);
    const sessions = { dial: async () => opened(pod.port) } as unknown as PodSessions;
    const api = await serve({ sessions });
    const client = await connect({ kubeconfig: api.kubeconfig });
    const local = await listening(
      (socket) => void client.forward({ namespace: 'default', pod: 'p' }, 8000, socket),
    );
    const socket = opened(local.port);
    try {
      if (says !== undefined) socket.end(says);
      return await textOf(socket);
    } finally {
      socket.destroy();
      local.server.close();
      pod.server.close();
      await client.close();
      await api.close();
    }
  };

  it('ends for the client when the pod says no more', async () => {
    expect(await heardOf((socket) => void socket.end('hello'))).toBe('hello');
  });
  it('ends for the pod when the client says no more, which still hears the answer', async () => {
    const answer = (socket: Socket) => void textOf(socket).then((text) => socket.end(`${text}!`));
    expect(await heardOf(answer, 'ping')).toBe('ping!');
  });
});
