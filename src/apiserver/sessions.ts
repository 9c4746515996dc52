import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { PodSessions } from '../api/pod-sessions.js';
import { AppError } from '../lib/app-error.js';
import { execProtocols, forwardProtocols, forwardTunnel } from '../lib/channel-frame.js';
import { errorStatus } from './error-status.js';
import { decoded, urlOf } from './exchange.js';
import type { HeldSession } from './held-session.js';
import { runAttach, runExec } from './run-exec.js';
import { runForwardTunnel, runPortForward } from './run-port-forward.js';

type SessionPart = 'exec' | 'attach' | 'portforward';

const path = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/(exec|attach|portforward)$/;

/**
 * exec, attach and portforward over WebSocket. What cannot be had is answered as a Status before the protocol is changed; `authorize` throws for
 * requests that may not.
 */
export function serveSessions(
  server: EventEmitter,
  sessions: PodSessions,
  authorize: (request: IncomingMessage) => void,
): { close(): void } {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered, { url = '' }) => protocolsOf(url).find((each) => offered.has(each)) ?? false,
  });
  const tunnels = new WeakSet<IncomingMessage>();
  sockets.on('headers', (headers, request) => {
    if (tunnels.has(request)) headers.push(`Sec-WebSocket-Protocol: ${forwardTunnel}`);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    open(request)
      .then((held) => {
        let hasBegun = false;
        sockets.handleUpgrade(request, socket, head, (ws) => {
          hasBegun = true;
          void held.run(ws);
        });
        // Its client had gone, or the handshake was refused.
        if (!hasBegun) held.abandon();
      })
      .catch((error: unknown) => refuse(socket, error));
  });

  const open = async (request: IncomingMessage): Promise<HeldSession> => {
    authorize(request);
    const url = urlOf(request);
    const [, namespace = '', pod = '', part = ''] = path.exec(decoded(url.pathname)) ?? [];
    if (part === '') throw new AppError('NotFound', `the server has no session at ${url.pathname}`);
    if (request.headers.upgrade?.toLowerCase() !== 'websocket' || !offers(request))
      throw needsWebSocket(part);
    if (part === 'portforward' && offered(request).includes(forwardTunnel)) {
      delete request.headers['sec-websocket-protocol'];
      tunnels.add(request);
      return runForwardTunnel(sessions, { namespace, pod });
    }
    const run = { exec: runExec, attach: runAttach, portforward: runPortForward }[part as SessionPart];
    return run(sessions, { namespace, pod }, url.searchParams);
  };
  return { close: () => sockets.clients.forEach((ws) => void ws.terminate()) };
}

const protocolsOf = (url: string): string[] =>
  /\/portforward(\?|$)/.test(url) ? forwardProtocols : execProtocols;

const offered = ({ headers }: IncomingMessage): string[] =>
  (headers['sec-websocket-protocol'] ?? '').split(/,\s*/);

const offers = (request: IncomingMessage): boolean =>
  offered(request).some((each) => each === forwardTunnel || protocolsOf(request.url ?? '').includes(each));

/** Also for requests that ask for no other protocol at all. */
export const needsWebSocket = (part: string): AppError =>
  new AppError('Usage', `${part} is served over WebSocket (${execProtocols.join(', ')}) only`, {
    hint:
      part === 'portforward'
        ? 'use minithena port-forward, or kubectl 1.31 or newer (1.30: KUBECTL_PORT_FORWARD_WEBSOCKETS=true)'
        : `use minithena ${part}, or kubectl 1.30 or newer (1.29: KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true)`,
  });

function refuse(socket: Duplex, error: unknown): void {
  const { status, body } = errorStatus(error);
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}
