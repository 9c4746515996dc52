import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { AppError } from '../../lib/app-error.js';
import { demultiplex } from './demultiplex.js';
import { translated, translatedChunks } from './translate-error.js';

const keptBytes = 10 * 1024;

/** Runs a command in a running container. Throws TimedOut; the command itself cannot be ended, the engine has no call for that. */
export async function execInContainer(
  docker: Docker,
  containerId: string,
  command: readonly string[],
  { timeoutMs }: { timeoutMs: number },
): Promise<{ exitCode: number; output: string }> {
  const exec = await translated(() =>
    docker.getContainer(containerId).exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true }),
  );
  const stream = (await translated(() => exec.start({ hijack: true, stdin: false }))) as unknown as Readable;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    stream.destroy();
  }, timeoutMs);
  const kept: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const { data } of demultiplex(translatedChunks(stream as AsyncIterable<Buffer>))) {
      if (bytes < keptBytes) kept.push(data);
      bytes += data.length;
    }
  } catch (error) {
    if (!timedOut) throw error;
  } finally {
    clearTimeout(timer);
  }
  if (timedOut)
    throw new AppError('TimedOut', `${command.join(' ')} did not end within ${timeoutMs / 1000} s`);
  return {
    exitCode: await exitCodeOf(exec),
    output: Buffer.concat(kept).subarray(0, keptBytes).toString('utf8'),
  };
}

/** The engine closes the output a little before it knows how the command ended. */
export async function exitCodeOf(exec: Docker.Exec): Promise<number> {
  for (let tries = 0; tries < 40; tries++) {
    const { ExitCode } = (await translated(() => exec.inspect())) as { ExitCode: number | null };
    if (ExitCode !== null) return ExitCode;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new AppError('EngineRefused', 'the engine does not tell how the command ended');
}
