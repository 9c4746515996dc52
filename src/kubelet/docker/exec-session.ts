import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { ExecOptions, ExecSession } from '../../api/pod-sessions.js';
import { exitCodeOf } from './exec-in-container.js';
import { neverTyped, streamSession } from './stream-session.js';
import { translated } from './translate-error.js';

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
      DetachKeys: neverTyped,
    }),
  );
  const stream = await translated(
    () => exec.start({ hijack: true, stdin, Tty: tty }) as unknown as Promise<Duplex>,
  );
  return streamSession(
    stream,
    { tty, stdin },
    { resize: (size) => exec.resize(size), exitCode: () => exitCodeOf(exec) },
  );
}
