import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createDeflate } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { forwardOverSpdy } from '../../../src/apiserver/forward-over-spdy.js';
import { spdyDictionary } from '../../../src/lib/spdy/dictionary.js';
import { controlFrame, dataFrame, type Frame, framesIn } from '../../../src/lib/spdy/frames.js';
import { headerBlocks } from '../../../src/lib/spdy/header-blocks.js';

const open: (Socket | Server)[] = [];
afterEach(() => {
  for (const each of open.splice(0)) 'destroy' in each ? each.destroy() : each.close();
});
async function listening(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.push(socket);
    socket.on('error', () => {});
    answer(socket);
  }).listen(0, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** kubectl's side, by hand: what came on each stream so far. */
async function client(answer: (socket: Socket) => void) {
  const target = await listening(answer);
  const dialled: number[] = [];
  const dial = async (port: number) => {
    dialled.push(port);
    if (port !== 80) throw new Error(`nobody listens on port ${port}`);
    const socket = connect({ host: '127.0.0.1', port: target, allowHalfOpen: true });
    await once(socket, 'connect');
    return socket;
  };
  let ended: Promise<void> | undefined;
  const port = await listening((socket) => {
    ended = forwardOverSpdy(socket, dial);
  });
  const socket = connect({ host: '127.0.0.1', port });
  open.push(socket);
  socket.on('error', () => {});
  const headers = headerBlocks();
  const heard = new Map<number, { data: Buffer[]; hasEnded: boolean; isReset: boolean }>();
  const control: Frame[] = [];
  const of = (id: number) => {
    const found = heard.get(id) ?? { data: [], hasEnded: false, isReset: false };
    heard.set(id, found);
    return found;
  };
  const reading = (async () => {
    for await (const frame of framesIn(socket as AsyncIterable<Buffer>)) {
      if (frame.type === 3) of(frame.streamId).isReset = true;
      else if (frame.type !== undefined) control.push(frame);
      else {
        of(frame.streamId).data.push(Buffer.from(frame.body));
        if (frame.flags === 1) of(frame.streamId).hasEnded = true;
      }
    }
  })().catch(() => {});
  return {
    socket,
    of,
    control,
    dialled,
    text: (id: number) => Buffer.concat(of(id).data).toString(),
    async begin(id: number, streamtype: string, port: string, requestid: string) {
      const block = await headers.write(
        new Map(Object.entries({ streamtype, port, requestid })) as ReadonlyMap<string, string>,
      );
      socket.write(controlFrame(1, id, Buffer.concat([Buffer.alloc(6), block])));
    },
    send: (id: number, data: string | Buffer, isLast = false) =>
      socket.write(dataFrame(id, isLast ? 1 : 0, Buffer.from(data))),
    async over() {
      await reading;
      await ended;
    },
  };
}

describe('ports forwarded over SPDY', () => {
  it('begins with the dictionary of SPDY/3, which every side must know by heart', async () => {
    const deflate = createDeflate({ dictionary: spdyDictionary });
    deflate.end('x');
    const [head] = (await once(deflate, 'data')) as [Buffer];
    // Its checksum stands behind the first two bytes.
    expect([spdyDictionary.length, head.readUInt32BE(2)]).toEqual([1423, 0xe3c6a7c2]);
  });

  it('joins connections to a port, each with its own two streams, until both sides have ended', async () => {
    const on = await client((socket) => void socket.pipe(socket));
    for (const [first, id] of [
      [1, '0'],
      [5, '1'],
    ] as const) {
      await on.begin(first, 'error', '80', id);
      on.send(first, '', true);
      await on.begin(first + 2, 'data', '80', id);
    }
    on.send(3, 'one');
    on.send(7, 'two');
    on.send(3, '!', true);
    await expect.poll(() => [on.text(3), on.of(3).hasEnded, on.of(1).hasEnded]).toEqual(['one!', true, true]);
    await expect.poll(() => [on.text(7), on.of(7).hasEnded]).toEqual(['two', false]);
    expect([on.text(1), on.of(3).isReset, on.dialled]).toEqual(['', false, [80, 80]]);
  });

  it('carries megabytes both ways, byte for byte', async () => {
    const on = await client((socket) => void socket.pipe(socket));
    await on.begin(1, 'error', '80', '0');
    await on.begin(3, 'data', '80', '0');
    const data = randomBytes(3_000_000);
    for (let at = 0; at < data.length; at += 30_000) on.send(3, data.subarray(at, at + 30_000));
    on.send(3, '', true);
    await expect.poll(() => on.of(3).hasEnded, { timeout: 30_000 }).toBe(true);
    expect(Buffer.concat(on.of(3).data).equals(data)).toBe(true);
  });

  it('says on the other stream why a port cannot be had', async () => {
    const on = await client(() => {});
    await on.begin(1, 'error', '81', '0');
    await on.begin(3, 'data', '81', '0');
    await expect.poll(() => [on.text(1), on.of(1).hasEnded]).toEqual(['nobody listens on port 81', true]);
    await expect.poll(() => on.of(3).isReset).toBe(true);
  });

  it('lets go of the pod when kubectl resets a stream or goes, and answers its pings', async () => {
    let closed = 0;
    const on = await client((socket) => void socket.on('end', () => closed++).resume());
    for (const first of [1, 5]) {
      await on.begin(first, 'error', '80', String(first));
      await on.begin(first + 2, 'data', '80', String(first));
    }
    on.socket.write(controlFrame(6, 1, Buffer.alloc(0)));
    await expect.poll(() => on.control.some((each) => each.type === 6 && each.streamId === 1)).toBe(true);
    on.socket.write(controlFrame(3, 3, Buffer.of(0, 0, 0, 5)));
    await expect.poll(() => closed).toBe(1);
    on.socket.destroy();
    await on.over();
    await expect.poll(() => closed).toBe(2);
  });

  it.each<[string, Buffer]>([
    ['no SPDY', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a frame without end', Buffer.of(0, 0, 0, 1, 0, 255, 255, 255)],
    ['headers that are none', controlFrame(1, 1, Buffer.alloc(40, 7))],
    ['a control frame that is too short', Buffer.of(0x80, 3, 0, 1, 0, 0, 0, 2, 1, 1)],
  ])('ends at %s', async (_, bytes) => {
    const on = await client(() => {});
    on.socket.write(bytes);
    on.socket.end();
    await on.over();
    expect(on.dialled).toEqual([]);
  });

  it('resets a stream that belongs to none', async () => {
    const on = await client(() => {});
    await on.begin(3, 'data', '80', '0');
    await expect.poll(() => on.of(3).isReset).toBe(true);
    expect(on.dialled).toEqual([]);
  });
});
