import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { ContainerRef, PodSessions } from '../api/pod-sessions.js';
import { AppError, messageOf } from '../lib/app-error.js';
import { channel, channelFrame, tellsEnds } from '../lib/channel-frame.js';

/**
 * Ports of a Pod over one socket: two channels each, data and errors, of which each begins with the port in two bytes. One connection to each
 * port, as Kubernetes has it; who wants another opens another socket.
 */
export async function runPortForward(
  sessions: PodSessions,
  ref: ContainerRef,
  query: URLSearchParams,
): Promise<(ws: WebSocket) => Promise<void>> {
  const ports = query.getAll('ports').flatMap((each) => each.split(',').map(Number));
  if (ports.length === 0 || ports.some((port) => !(port >= 1 && port <= 65_535)))
    throw new AppError('Usage', 'ports: name at least one port of the pod');
  return async (ws) => {
    ws.on('error', () => ws.terminate());
    const waiting: Buffer[] = [];
    const connections = new Map<number, Socket>();
    const keep = (message: Buffer) => void waiting.push(message);
    ws.on('message', keep);
    for (const [at, port] of ports.entries()) {
      const [data, errors] = [2 * at, 2 * at + 1];
      for (const each of [data, errors]) ws.send(channelFrame(each, Buffer.of(port & 255, port >> 8)));
      try {
        connections.set(data, await sessions.dial(ref, port));
      } catch (error) {
        ws.send(channelFrame(errors, messageOf(error)));
        ws.close(1000);
        return;
      }
    }
    ws.off('message', keep);
    for (const [to, socket] of connections) join(ws, to, socket);
    const take = (message: Buffer) => {
      if (message[0] === channel.close) return void connections.get(message[1] ?? -1)?.end();
      const socket = connections.get(message[0] ?? -1);
      if (socket && !socket.write(message.subarray(1))) {
        ws.pause();
        socket.once('drain', () => ws.resume());
      }
    };
    ws.on('message', take);
    for (const message of waiting) take(message);
  };
}

function join(ws: WebSocket, to: number, socket: Socket): void {
  socket.on('data', (data: Buffer) => {
    socket.pause();
    ws.send(channelFrame(to, data), () => socket.resume());
  });
  // Who reads until the end must see it, and may still write then; v4 has no word for the end of one direction.
  socket.on('end', () => {
    if (tellsEnds(ws.protocol)) ws.send(channelFrame(channel.close, Buffer.of(to)));
    else ws.close(1000);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => ws.close(1000));
  ws.on('close', () => socket.destroy());
}
