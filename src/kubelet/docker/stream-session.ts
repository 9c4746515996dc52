import type { Duplex } from 'node:stream';
import type { ExecSession } from '../../api/pod-sessions.js';
import type { LogChunk } from '../engine.js';
import { demultiplex } from './demultiplex.js';
import { translatedChunks } from './translate-error.js';

/**
 * The keys by which the engine lets a terminal go. They cannot be switched off, and by default begin with Ctrl-P, which is held back then
 * until the next key, though in every shell it asks for the line before.
 */
export const neverTyped = 'ctrl-^,ctrl-_';

/** A session on a hijacked connection of the engine. */
export function streamSession(
  stream: Duplex,
  { tty, stdin }: { tty: boolean; stdin: boolean },
  process: { resize(size: { w: number; h: number }): Promise<unknown>; exitCode(): Promise<number> },
): ExecSession {
  // Its end is told by `output`; an error without a listener would end the process.
  stream.on('error', () => {});
  const chunks = translatedChunks(stream as AsyncIterable<Buffer>);
  return {
    output: tty ? asStdout(chunks) : demultiplex(chunks),
    write: (data) =>
      new Promise((resolve) => {
        // A process that reads no more is no fault: its exit code says how it went.
        if (stream.writableEnded || stream.destroyed) resolve();
        else stream.write(data, () => resolve());
      }),
    endInput: () => void (stdin && stream.end()),
    async resize(columns, rows) {
      if (tty) await process.resize({ w: columns, h: rows }).catch(() => {});
    },
    exitCode: () => process.exitCode(),
    close: () => void stream.destroy(),
  };
}

async function* asStdout(chunks: AsyncIterable<Buffer>): AsyncGenerator<LogChunk> {
  for await (const data of chunks) yield { stream: 'stdout', data };
}
