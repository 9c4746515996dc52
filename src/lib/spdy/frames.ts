/** The frames of SPDY/3.1 that are told apart here. */
export const frameType = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, headers: 8 } as const;
export const fin = 1;

export interface Frame {
  /** undefined: data. */
  readonly type: number | undefined;
  readonly flags: number;
  /** Of data its stream, of others what their first word says. */
  readonly streamId: number;
  readonly body: Buffer;
  readonly bytes: Buffer;
}

const headBytes = 8;
/** Far more than any client sends at once. */
const longestBytes = 4 * 1024 * 1024;

/** The frames of a byte stream. Throws for one that is too long. */
export async function* framesIn(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= headBytes) {
      const length = rest.readUIntBE(5, 3);
      if (length > longestBytes) throw new Error(`a frame of ${length} bytes`);
      const end = headBytes + length;
      if (rest.length < end) break;
      yield frameOf(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  }
}

function frameOf(bytes: Buffer): Frame {
  const isControl = (bytes[0] ?? 0) >= 0x80;
  const flags = bytes[4] ?? 0;
  if (!isControl)
    return {
      type: undefined,
      flags,
      streamId: bytes.readUInt32BE(0),
      body: bytes.subarray(headBytes),
      bytes,
    };
  const streamId = bytes.length >= headBytes + 4 ? bytes.readUInt32BE(headBytes) & 0x7fffffff : 0;
  return { type: bytes.readUInt16BE(2), flags, streamId, body: bytes.subarray(headBytes + 4), bytes };
}

export function dataFrame(streamId: number, flags: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(streamId);
  head[4] = flags;
  head.writeUIntBE(data.length, 5, 3);
  return Buffer.concat([head, data]);
}

export function controlFrame(type: number, streamId: number, body: Uint8Array, flags = 0): Buffer {
  const head = Buffer.alloc(headBytes + 4);
  head.writeUInt16BE(0x8003);
  head.writeUInt16BE(type, 2);
  head[4] = flags;
  head.writeUIntBE(body.length + 4, 5, 3);
  head.writeUInt32BE(streamId, headBytes);
  return Buffer.concat([head, body]);
}
