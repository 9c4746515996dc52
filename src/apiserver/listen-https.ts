import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Reply, Request } from './exchange.js';

export interface Listener {
  /** Its 'upgrade' events are those of HTTP/1.1. */
  readonly server: Http2SecureServer;
  readonly port: number;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** As Go's servers allow; a client that wants more opens another connection. */
const maxConcurrentStreams = 250;

/**
 * Takes requests over HTTPS: HTTP/2, in which all watches of a Go client share one connection, and HTTP/1.1, from which sessions change to
 * WebSocket. A `port` that is taken is replaced by a free one; 0 is any.
 */
export async function listenHttps(
  options: { tls: { key: string; cert: string }; port: number; address: string },
  handle: (request: Request, reply: Reply) => void,
): Promise<Listener> {
  const server = createSecureServer({
    ...options.tls,
    allowHTTP1: true,
    settings: { maxConcurrentStreams },
    // MB. A list of thousands of Pods is one reply, and is no reason to refuse what is asked beside it.
    maxSessionMemory: 512,
  });
  server.on('request', (request, reply) => {
    // Answered before its body was read: without this its sender would wait for somebody to read on.
    if (request.httpVersionMajor === 2)
      reply.on('finish', () => {
        if (!request.complete) request.stream.close();
      });
    // Its types lack flushHeaders, which it has.
    handle(request, reply as typeof reply & Reply);
  });
  Object.assign(server, {
    // Longer than clients keep one (Go: 90 s): whoever closes it while the other sends breaks a request off.
    keepAliveTimeout: 120_000,
    // Files are copied for as long as they take; heads of requests have their own limit.
    requestTimeout: 0,
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    socket.setKeepAlive(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, options.address, () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listen(options.port).catch((error: NodeJS.ErrnoException) => {
    if (options.port === 0 || error.code !== 'EADDRINUSE') throw error;
    return listen(0);
  });
  return {
    server,
    port: (server.address() as AddressInfo).port,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}
