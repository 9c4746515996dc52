import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { LogChunk, LogOptions } from '../engine.js';
import { demultiplex } from './demultiplex.js';
import { oneStampALine } from './one-stamp-a-line.js';
import { translated, translatedChunks } from './translate-error.js';

/** A container's output so far, and with `follow` what comes, until the signal aborts. */
export async function* containerLogs(
  docker: Docker,
  containerId: string,
  options: LogOptions,
): AsyncGenerator<LogChunk> {
  const { signal } = options;
  const container = docker.getContainer(containerId);
  const query = {
    stdout: true,
    stderr: true,
    timestamps: options.timestamps === true,
    ...(options.tail !== undefined && { tail: options.tail }),
    ...(options.sinceMs !== undefined && { since: options.sinceMs / 1000 }),
  };
  const hasTerminal = (await translated(() => container.inspect())).Config.Tty;
  const source = options.follow
    ? ((await translated(() => container.logs({ ...query, follow: true }))) as Readable)
    : Readable.from([await translated(() => container.logs({ ...query, follow: false }))]);
  const stop = () => source.destroy();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const chunks = translatedChunks(source as AsyncIterable<Buffer>);
    if (!hasTerminal) yield* query.timestamps ? oneStampALine(demultiplex(chunks)) : demultiplex(chunks);
    else for await (const data of chunks) yield { stream: 'stdout', data };
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    source.destroy();
  }
}
