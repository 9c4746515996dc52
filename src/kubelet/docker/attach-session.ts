import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { ExecSession } from '../../api/pod-sessions.js';
import { neverTyped, streamSession } from './stream-session.js';
import { translated } from './translate-error.js';

/**
 * Joins the streams of a container's own process, from now on. Whether they are those of a terminal, the container says. Its exit code is 0 as
 * long as it runs. Throws what the engine says.
 */
export async function attachSession(
  docker: Docker,
  containerId: string,
  { stdin }: { stdin: boolean },
): Promise<ExecSession> {
  const container = docker.getContainer(containerId);
  const { Config } = await translated(() => container.inspect());
  const takesInput = stdin && Config.OpenStdin;
  const stream = await translated(
    () =>
      container.attach({
        stream: true,
        hijack: true,
        stdin: takesInput,
        stdout: true,
        stderr: true,
        detachKeys: neverTyped,
      }) as unknown as Promise<Duplex>,
  );
  return streamSession(
    stream,
    { tty: Config.Tty, stdin: takesInput },
    {
      resize: (size) => container.resize(size),
      exitCode: () => translated(async () => (await container.inspect()).State.ExitCode),
    },
  );
}
