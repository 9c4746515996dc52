import type { LogChunk } from '../engine.js';

const headerBytes = 8;

/** The engine's framing of two streams in one: a byte for the stream, three zeros, the length, the data. */
export async function* demultiplex(stream: AsyncIterable<Buffer>): AsyncGenerator<LogChunk> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= headerBytes) {
      const end = headerBytes + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield { stream: rest[0] === 2 ? 'stderr' : 'stdout', data: rest.subarray(headerBytes, end) };
      rest = rest.subarray(end);
    }
  }
}
