import { connect, createServer, type Server, type Socket } from 'node:net';

/** Where the members of one engine that spans several pods meet. */
export interface Meeting {
  readonly host: string;
  readonly port: number;
}

const retryMs = 500;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * The first member: listens where the others come. A connection that says `join` is a member as long as it lasts; one that says `count` is
 * answered with how many there are, this one included. Rejects when the port is taken.
 */
export function leadGroup(port: number, onChange: (members: number) => void): Promise<Server> {
  const members = new Set<Socket>();
  const server = createServer((socket) => {
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.once('data', (word) => {
      if (String(word).startsWith('count')) return void socket.end(`${members.size + 1}\n`);
      members.add(socket);
      onChange(members.size + 1);
      socket.once('close', () => {
        members.delete(socket);
        onChange(members.size + 1);
      });
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port }, () => resolve(server));
  });
}

/** Another member: tries until the first answers, and resolves when it did; `ended` when it is gone. */
export async function joinGroup(
  meeting: Meeting,
  say: (text: string) => void,
): Promise<{ ended: Promise<void> }> {
  for (let tries = 0; ; tries++) {
    const socket = await opened(meeting);
    if (socket) {
      socket.write('join\n');
      socket.resume();
      return { ended: new Promise((resolve) => socket.once('close', () => resolve())) };
    }
    if (tries % 20 === 0) say(`waiting for ${meeting.host}:${meeting.port}`);
    await pause(retryMs);
  }
}

/** How many members the one at that address has; undefined when none answers there. */
export async function membersAt(meeting: Meeting): Promise<number | undefined> {
  const socket = await opened(meeting);
  if (!socket) return undefined;
  socket.setEncoding('utf8');
  let answer = '';
  socket.on('data', (text) => {
    answer += String(text);
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write('count\n');
  await closed;
  return Number(answer) || undefined;
}

/** Resolves when that many are there. Rejects when nobody listens there any more. */
export async function untilComplete(
  meeting: Meeting,
  size: number,
  say: (text: string) => void,
): Promise<void> {
  let told = -1;
  for (;;) {
    const members = await membersAt(meeting);
    if (members === undefined) throw new Error(`nobody answers at ${meeting.host}:${meeting.port}`);
    if (members >= size) return;
    if (members !== told) say(`${members} of ${size} members are here`);
    told = members;
    await pause(retryMs);
  }
}

function opened({ host, port }: Meeting): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    // Later errors end in `close`, which those who use it wait for.
    socket.on('error', () => resolve(undefined));
    socket.once('connect', () => resolve(socket));
  });
}
