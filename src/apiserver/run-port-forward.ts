import type { Socket } from 'node:net';
import { createWebSocketStream, type WebSocket } from 'ws';
import type { ContainerRef, PodSessions } from '../api/pod-sessions.js';
import { AppError, messageOf } from '../lib/app-error.js';
import { channel, channelFrame, tellsEnds } from '../lib/channel-frame.js';
import { forwardOverSpdy } from './forward-over-spdy.js';
import type { HeldSession } from './held-session.js';

/** Each has two channels, and the number of a channel is one byte, the last of which ends directions. */
const mostPorts = 127;

/**
 * Ports of a Pod over one socket: two channels each, data and errors, of which each begins with the port in two bytes. One connection to each
 * port, as Kubernetes has it; who wants another opens another socket.
 */
export async function runPortForward(
  sessions: PodSessions,
  ref: ContainerRef,
  query: URLSearchParams,
): Promise<HeldSession> {
  const texts = query.getAll('ports').flatMap((each) => each.split(','));
  const ports = texts.filter((each) => /^\d{1,5}$/.test(each)).map(Number);
  const isWrong = ports.length < texts.length || ports.some((port) => port < 1 || port > 65_535);
  if (isWrong || ports.length === 0 || ports.length > mostPorts)
    throw new AppError('Usage', `ports: name one to ${mostPorts} ports of the pod`);
  const run = async (ws: WebSocket) => {
    ws.on('error', () => ws.terminate());
    // Also those of a client that goes, or is sent away, before all of them are there.
    ws.on('close', () => {
      for (const socket of connections.values()) socket.destroy();
    });
    const waiting: Buffer[] = [];
    const connections = new Map<number, Socket>();
    const keep = (message: Buffer) => void waiting.push(message);
    ws.on('message', keep);
    for (const [at, port] of ports.entries()) {
      const [data, errors] = [2 * at, 2 * at + 1];
      for (const each of [data, errors]) ws.send(channelFrame(each, Buffer.of(port & 255, port >> 8)));
      try {
        const socket = await sessions.dial(ref, port);
        connections.set(data, socket);
        socket.on('error', () => socket.destroy());
        if (ws.readyState !== ws.OPEN) return void socket.destroy();
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
  return { run, abandon: () => {} };
}

/** The same for kubectl, which speaks SPDY inside the socket and names the ports there. */
export async function runForwardTunnel(sessions: PodSessions, ref: ContainerRef): Promise<HeldSession> {
  const run = (ws: WebSocket) => {
    ws.on('error', () => ws.terminate());
    return forwardOverSpdy(createWebSocketStream(ws), (port) => sessions.dial(ref, port));
  };
  return { run, abandon: () => {} };
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
  socket.on('close', () => ws.close(1000));
}
