import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent, request as tlsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { AppError, messageOf } from '../lib/app-error.js';
import { type OpenSocket, openSocket } from './open-session.js';
import type { Access } from './read-access.js';
import { toldError } from './told-error.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Connection {
  /** A request and its JSON answer. Throws the AppError that the server told, or DaemonUnreachable. */
  call<T>(method: Method, path: string, body?: unknown, type?: string): Promise<T>;
  /** A GET whose answer comes in pieces. */
  stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  /** Sends a body as it comes. */
  upload(path: string, body: Readable): Promise<void>;
  /** A WebSocket of Kubernetes' channel protocol. */
  socket(path: string, protocols: readonly string[]): Promise<OpenSocket>;
  close(): Promise<void>;
}

const connectWithinMs = 10_000;
/** A watch may be silent for hours: this finds out that its other end has gone without a word. */
const askAliveEveryMs = 30_000;

/**
 * Opens nothing yet. Its errors speak of the cluster where `from` is said, else of the daemon of this machine.
 * Node's own client, since it loads in a twentieth of the time of a library; a connection per request, since one that is kept may be closed
 * by the server at the moment of its use.
 */
export function openConnection(access: Access): Connection {
  const { server, token, tls } = access;
  const isPlain = server.startsWith('http:');
  const agent = isPlain ? new PlainAgent() : new Agent(tls);
  const headers = {
    accept: 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };

  /** Resolves with the answer's head. There is no limit for it: a removal answers when the last container is gone. */
  const send = (options: {
    method: Method;
    path: string;
    text?: string;
    type?: string;
    signal?: AbortSignal;
    body?: Readable;
  }) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const { method, path, text, type, signal, body } = options;
      const start = isPlain ? plainRequest : tlsRequest;
      const sent = start(
        `${server}${path}`,
        {
          agent,
          method,
          headers: {
            ...headers,
            ...(text !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(text) }),
          },
          ...(signal && { signal }),
        },
        resolve,
      );
      const timer = setTimeout(
        () => sent.destroy(new Error(`no connection within ${connectWithinMs / 1000} s`)),
        connectWithinMs,
      );
      sent.once('socket', (socket: Socket) => {
        socket.setKeepAlive(true, askAliveEveryMs);
        socket.once(isPlain ? 'connect' : 'secureConnect', () => clearTimeout(timer));
      });
      sent.once('close', () => clearTimeout(timer));
      sent.on('error', (error) => reject(signal?.aborted ? error : unreachable(access, error)));
      if (!body) return void sent.end(text);
      body.on('error', (error) => sent.destroy(error));
      body.pipe(sent);
    });

  async function* pieces(answer: IncomingMessage, signal?: AbortSignal): AsyncGenerator<Buffer> {
    try {
      yield* answer as AsyncIterable<Buffer>;
    } catch (error) {
      throw signal?.aborted ? error : unreachable(access, error);
    }
  }
  const textOf = async (answer: IncomingMessage): Promise<string> => {
    const all: Buffer[] = [];
    for await (const piece of pieces(answer)) all.push(piece);
    return Buffer.concat(all).toString('utf8');
  };

  return {
    async call<T>(method: Method, path: string, body?: unknown, type = 'application/json') {
      const answer = await send({
        method,
        path,
        ...(body !== undefined && { text: JSON.stringify(body), type }),
      });
      const text = await textOf(answer);
      const status = answer.statusCode ?? 0;
      if (status >= 300) throw toldError(status, text);
      return (text === '' ? {} : JSON.parse(text)) as T;
    },
    async stream(path, signal) {
      const answer = await send({ method: 'GET', path, signal });
      const status = answer.statusCode ?? 0;
      if (status >= 300) throw toldError(status, await textOf(answer));
      return pieces(answer, signal);
    },
    async upload(path, body) {
      const answer = await send({ method: 'PUT', path, body });
      const text = await textOf(answer);
      if ((answer.statusCode ?? 0) >= 300) throw toldError(answer.statusCode ?? 0, text);
    },
    socket: (path, protocols) => openSocket(access, path, protocols),
    async close() {
      agent.destroy();
    },
  };
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection broke off',
};

function unreachable({ server, from }: Access, error: unknown): AppError {
  const { code } = error as { code?: string };
  const why = (code !== undefined && reasons[code]) || messageOf(error);
  return new AppError(
    'DaemonUnreachable',
    `the ${from === undefined ? 'daemon' : 'cluster'} does not answer at ${server}: ${why}`,
    {
      hint:
        from === undefined
          ? 'start it with: minithena up FILE'
          : `the address is that of ${from}; does \`kubectl cluster-info\` reach it?`,
      cause: error,
    },
  );
}
