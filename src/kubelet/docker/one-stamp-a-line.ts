import type { LogChunk } from '../engine.js';

const newline = 0x0a;

/** The engine stamps each piece of a line that is longer than 16 KiB; as in Kubernetes, a line has one time: that of its beginning. */
export async function* oneStampALine(chunks: AsyncIterable<LogChunk>): AsyncGenerator<LogChunk> {
  const isWithinLine = { stdout: false, stderr: false };
  for await (const { stream, data } of chunks) {
    yield { stream, data: isWithinLine[stream] ? data.subarray(stampLength(data)) : data };
    isWithinLine[stream] = data.at(-1) !== newline;
  }
}

const stampLength = (data: Uint8Array): number => {
  const start = Buffer.from(data.subarray(0, 40)).toString('latin1');
  return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-][\d:]+) /.exec(start)?.[0].length ?? 0;
};
