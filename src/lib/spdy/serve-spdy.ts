import { Duplex } from 'node:stream';
import { controlFrame, dataFrame, type Frame, fin, framesIn, frameType } from './frames.js';
import { headerBlocks } from './header-blocks.js';

export interface SpdyStream {
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Its end is the end of what is written; destroyed, it is reset. */
  readonly stream: Duplex;
}

const mostStreams = 1000;
const cancelled = Buffer.of(0, 0, 0, 5);
const refused = Buffer.of(0, 0, 0, 3);

/**
 * The server's side of SPDY/3.1, as far as Kubernetes' clients speak it: they open streams, and neither side keeps windows, so that the
 * connection as a whole is read no faster than its slowest stream. Resolves when the connection has ended; all streams have then, too.
 */
export async function serveSpdy(connection: Duplex, onStream: (opened: SpdyStream) => void): Promise<void> {
  const headers = headerBlocks();
  const streams = new Map<number, Duplex>();
  const wanting = new Map<number, () => void>();
  const send = (frame: Buffer, done: () => void = () => {}) => {
    if (connection.destroyed || connection.writableEnded) done();
    else connection.write(frame, () => done());
  };
  const open = (id: number): Duplex => {
    let [hasEnded, isHeardOut] = [false, false];
    const wake = () => wanting.get(id)?.();
    const stream = new Duplex({
      read: wake,
      write: (data: Buffer, _encoding, done) => send(dataFrame(id, 0, data), done),
      final(done) {
        hasEnded = true;
        send(dataFrame(id, fin, Buffer.alloc(0)), done);
      },
      destroy(_error, done) {
        streams.delete(id);
        if (!hasEnded || !isHeardOut) send(controlFrame(frameType.rstStream, id, cancelled));
        wake();
        done(null);
      },
    });
    stream.on('end', () => {
      isHeardOut = true;
    });
    streams.set(id, stream);
    return stream;
  };
  const take = async (id: number, { body, flags }: Frame) => {
    const stream = streams.get(id);
    if (!stream || stream.readableEnded) return;
    if (body.length > 0 && !stream.push(body)) {
      await new Promise<void>((resolve) => wanting.set(id, resolve));
      wanting.delete(id);
    }
    if (flags & fin) stream.push(null);
  };
  const handle = async (frame: Frame) => {
    const { type, streamId, body } = frame;
    if (type === undefined) await take(streamId, frame);
    else if (type === frameType.rstStream) streams.get(streamId)?.destroy();
    else if (type === frameType.ping) send(frame.bytes);
    else if (type === frameType.headers) await headers.read(body);
    else if (type === frameType.synStream) {
      // Before it the stream that it belongs to, its priority and slot.
      const told = await headers.read(body.subarray(6));
      if (streams.size >= mostStreams || streams.has(streamId))
        return send(controlFrame(frameType.rstStream, streamId, refused));
      const stream = open(streamId);
      send(controlFrame(frameType.synReply, streamId, await headers.write(new Map())));
      onStream({ headers: told, stream });
      if (frame.flags & fin) stream.push(null);
    }
  };
  const endStreams = () => {
    for (const stream of streams.values()) stream.destroy();
  };
  connection.on('error', () => {});
  // Also while the next frame waits for a stream that nobody reads.
  connection.on('close', endStreams);
  try {
    for await (const frame of framesIn(connection as AsyncIterable<Buffer>)) await handle(frame);
  } catch {
    // Broken off, or no SPDY: either way it is over.
  } finally {
    connection.destroy();
    endStreams();
    headers.close();
  }
}
