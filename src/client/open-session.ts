import { on } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { ExecSession } from '../api/pod-sessions.js';
import { AppError } from '../lib/app-error.js';
import { channel, channelFrame, tellsEnds } from '../lib/channel-frame.js';
import type { Access } from './read-access.js';
import { toldError } from './told-error.js';

export interface OpenSocket {
  readonly ws: WebSocket;
  /** Messages from the first on; ends when the socket closes. */
  readonly messages: AsyncIterable<Buffer>;
}

/** Opens a WebSocket of Kubernetes' channel protocol. Throws what the server told, or DaemonUnreachable. */
export async function openSocket(
  { server, token, tls }: Access,
  path: string,
  protocols: readonly string[],
): Promise<OpenSocket> {
  const { WebSocket } = await import('ws');
  const ws = new WebSocket(`${server.replace(/^http/, 'ws')}${path}`, [...protocols], {
    ...tls,
    perMessageDeflate: false,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  // At once: a short command's words may come with the answer.
  const events = on(ws, 'message', { close: ['close'], highWaterMark: 64, lowWaterMark: 16 } as object);
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('unexpected-response', (_request, response: IncomingMessage) => {
      void textOf(response).then((text) => reject(toldError(response.statusCode ?? 500, text)));
    });
    ws.once('error', (error) =>
      reject(
        new AppError('DaemonUnreachable', `no session with ${server}: ${error.message}`, { cause: error }),
      ),
    );
  });
  // What breaks off later ends the messages.
  ws.on('error', () => ws.terminate());
  async function* messages() {
    for await (const [data] of events as AsyncIterable<[Buffer]>) yield data;
  }
  return { ws, messages: messages() };
}

/** A command in a container, over such a socket. */
export function execSession({ ws, messages }: OpenSocket): ExecSession {
  let status:
    | { status?: string; message?: string; details?: { causes?: { reason?: string; message?: string }[] } }
    | undefined;
  async function* output(): ExecSession['output'] {
    for await (const message of messages) {
      const data = message.subarray(1);
      if (message[0] === channel.stdout) yield { stream: 'stdout', data };
      else if (message[0] === channel.stderr) yield { stream: 'stderr', data };
      else if (message[0] === channel.error && data.length > 0)
        status = JSON.parse(data.toString('utf8')) as NonNullable<typeof status>;
    }
  }
  const send = (to: number, data: Uint8Array | string) =>
    new Promise<void>((resolve) => ws.send(channelFrame(to, data), () => resolve()));
  return {
    output: output(),
    write: (data) => send(channel.stdin, data),
    // Older servers have no way to end the input alone.
    endInput: () => void (tellsEnds(ws.protocol) && send(channel.close, Buffer.of(channel.stdin))),
    resize: (columns, rows) => send(channel.resize, JSON.stringify({ Width: columns, Height: rows })),
    async exitCode() {
      if (!status) throw new AppError('DaemonUnreachable', 'the session broke off before the command ended');
      if (status.status === 'Success') return 0;
      const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
      if (code === undefined) throw new AppError('Failed', status.message ?? 'the command could not be run');
      return Number(code);
    },
    close: () => ws.terminate(),
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const all: Buffer[] = [];
  for await (const piece of response as AsyncIterable<Buffer>) all.push(piece);
  return Buffer.concat(all).toString('utf8');
}
