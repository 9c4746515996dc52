import type { WebSocket } from 'ws';
import type { ContainerRef, ExecSession, PodSessions } from '../api/pod-sessions.js';
import { AppError, messageOf } from '../lib/app-error.js';
import { channel, channelFrame } from '../lib/channel-frame.js';
import { isSet } from './exchange.js';
import type { HeldSession } from './held-session.js';

/** Joins the streams of a container's own process to the socket's channels. */
export async function runAttach(
  sessions: PodSessions,
  ref: ContainerRef,
  query: URLSearchParams,
): Promise<HeldSession> {
  const container = query.get('container');
  const session = await sessions.attach(
    { ...ref, ...(container && { container }) },
    { stdin: isSet(query, 'stdin') },
  );
  return { run: (ws) => carry(ws, session), abandon: () => session.close() };
}

/** Begins a command, so that its failing to begin can be told as a Status, and then joins its streams to the socket's channels. */
export async function runExec(
  sessions: PodSessions,
  ref: ContainerRef,
  query: URLSearchParams,
): Promise<HeldSession> {
  const command = query.getAll('command');
  if (command.length === 0)
    throw new AppError('Usage', 'you must specify at least one command for the container');
  const container = query.get('container');
  const session = await sessions.exec(
    { ...ref, ...(container && { container }) },
    { command, tty: isSet(query, 'tty'), stdin: isSet(query, 'stdin') },
  );
  return { run: (ws) => carry(ws, session), abandon: () => session.close() };
}

async function carry(ws: WebSocket, session: ExecSession): Promise<void> {
  takeInput(ws, session);
  ws.on('close', () => session.close());
  ws.on('error', () => ws.terminate());
  try {
    for await (const { stream, data } of session.output) await send(ws, channelFrame(channel[stream], data));
    await send(ws, channelFrame(channel.error, JSON.stringify(exitStatus(await session.exitCode()))));
  } catch (error) {
    const status = { metadata: {}, status: 'Failure', message: messageOf(error), reason: 'InternalError' };
    await send(ws, channelFrame(channel.error, JSON.stringify(status)));
  }
  ws.close(1000);
}

/** One message after another; while the command takes no more, neither does the socket. */
function takeInput(ws: WebSocket, session: ExecSession): void {
  let last = Promise.resolve();
  ws.on('message', (message: Buffer) => {
    const [to, data] = [message[0], message.subarray(1)];
    if (to === channel.stdin && data.length > 0) {
      ws.pause();
      last = last.then(() => session.write(data)).finally(() => ws.resume());
    } else if (to === channel.close) last = last.then(() => session.endInput());
    else if (to === channel.resize) {
      const { Width, Height } = sizeIn(data);
      if (Width && Height) void session.resize(Width, Height);
    }
  });
}

function sizeIn(data: Buffer): { Width?: number; Height?: number } {
  try {
    const { Width, Height } = Object(JSON.parse(data.toString('utf8'))) as Record<string, unknown>;
    return isSize(Width) && isSize(Height) ? { Width, Height } : {};
  } catch {
    return {};
  }
}

/** In characters; an unsigned 16-bit number in every terminal. */
const isSize = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;

/** Resolves when the bytes are on their way, also when the other side has gone. */
const send = (ws: WebSocket, frame: Buffer): Promise<void> =>
  new Promise((resolve) => ws.send(frame, { binary: true }, () => resolve()));

/** The last word of a command, as Kubernetes says it. Pure. */
const exitStatus = (exitCode: number): object =>
  exitCode === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {},
        status: 'Failure',
        message: `command terminated with non-zero exit code: exit status ${exitCode}`,
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
      };
