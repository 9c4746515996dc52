import type { Socket } from 'node:net';
import { AppError } from '../lib/app-error.js';
import { channel, channelFrame, tellsEnds } from '../lib/channel-frame.js';
import type { OpenSocket } from './open-session.js';

/** Joins a local connection to the one port of a session; resolves when either side has ended. Throws what the other side said. */
export async function forwardConnection({ ws, messages }: OpenSocket, socket: Socket): Promise<void> {
  const [data, errors] = [0, 1];
  socket.on('data', (piece: Buffer) => {
    socket.pause();
    ws.send(channelFrame(data, piece), () => socket.resume());
  });
  // The pod must learn that nobody sends any more; v4 has no word for the end of one direction.
  socket.on('end', () => {
    if (tellsEnds(ws.protocol)) ws.send(channelFrame(channel.close, Buffer.of(data)));
    else ws.close(1000);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => ws.close(1000));
  // The first message of each channel is its port.
  const begun = new Set<number>();
  try {
    for await (const message of messages) {
      const from = message[0] ?? 0;
      if (from === channel.close) socket.end();
      else if (!begun.has(from)) begun.add(from);
      else if (from === errors) throw new AppError('Failed', message.subarray(1).toString('utf8'));
      else if (!socket.write(message.subarray(1)))
        await new Promise<void>((resolve) => {
          socket.once('drain', resolve);
          socket.once('close', () => resolve());
        });
    }
  } finally {
    socket.end();
    ws.close(1000);
  }
}
