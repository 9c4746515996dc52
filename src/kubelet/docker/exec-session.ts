import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { ExecOptions, ExecSession } from '../../api/pod-sessions.js';
import type { LogChunk } from '../engine.js';
import { demultiplex } from './demultiplex.js';
import { exitCodeOf } from './exec-in-container.js';
import { translated, translatedChunks } from './translate-error.js';

/** Starts a command in a running container and hands out its streams. Throws what the engine says. */
export async function execSession(
  docker: Docker,
  containerId: string,
  { command, tty, stdin }: ExecOptions,
): Promise<ExecSession> {
  const exec = await translated(() =>
    docker.getContainer(containerId).exec({
      Cmd: [...command],
      AttachStdout: true,
      AttachStderr: true,
      AttachStdin: stdin,
      Tty: tty,
    }),
  );
  const stream = await translated(
    () => exec.start({ hijack: true, stdin, Tty: tty }) as unknown as Promise<Duplex>,
  );
  // Its end is told by `output`; an error without a listener would end the process.
  stream.on('error', () => {});
  const chunks = translatedChunks(stream as AsyncIterable<Buffer>);
  return {
    output: tty ? asStdout(chunks) : demultiplex(chunks),
    write: (data) =>
      new Promise((resolve) => {
        // A command that reads no more is no fault: its exit code says how it went.
        if (stream.writableEnded || stream.destroyed) resolve();
        else stream.write(data, () => resolve());
      }),
    endInput: () => void (stdin && stream.end()),
    async resize(columns, rows) {
      if (tty) await exec.resize({ w: columns, h: rows }).catch(() => {});
    },
    exitCode: () => exitCodeOf(exec),
    close: () => void stream.destroy(),
  };
}

async function* asStdout(chunks: AsyncIterable<Buffer>): AsyncGenerator<LogChunk> {
  for await (const data of chunks) yield { stream: 'stdout', data };
}
