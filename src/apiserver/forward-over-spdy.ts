import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { messageOf } from '../lib/app-error.js';
import { type SpdyStream, serveSpdy } from '../lib/spdy/serve-spdy.js';

/**
 * Port-forwarding as kubectl does it: for each connection two streams with the same request id, first one for what goes wrong, then one for
 * data. Resolves when kubectl has gone.
 */
export function forwardOverSpdy(connection: Duplex, dial: (port: number) => Promise<Socket>): Promise<void> {
  const errorStreams = new Map<string, Duplex>();
  return serveSpdy(connection, ({ headers, stream }: SpdyStream) => {
    stream.on('error', () => {});
    const id = headers.get('requestid') ?? '';
    if (headers.get('streamtype') === 'error') {
      errorStreams.set(id, stream);
      stream.on('close', () => errorStreams.delete(id));
      stream.resume();
      return;
    }
    const errors = errorStreams.get(id);
    const port = Number(headers.get('port'));
    if (headers.get('streamtype') !== 'data' || !errors || !(port >= 1 && port <= 65_535))
      return void stream.destroy();
    const fail = (error: unknown) => {
      errors.end(messageOf(error));
      stream.destroy();
    };
    dial(port).then((socket) => join(socket, stream, errors, fail), fail);
  });
}

function join(socket: Socket, stream: Duplex, errors: Duplex, fail: (error: unknown) => void): void {
  if (stream.destroyed) return void socket.destroy();
  socket.on('error', fail);
  stream.on('close', () => {
    socket.destroy();
    // Its end tells kubectl that the connection is over, and that nothing went wrong.
    errors.end();
  });
  stream.pipe(socket).pipe(stream);
}
