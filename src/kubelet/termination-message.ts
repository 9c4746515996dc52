import type { Container } from 'kubernetes-types/core/v1.js';
import { extract } from 'tar-stream';
import type { ContainerDetails, Engine } from './engine.js';

/** Kubernetes' limits: of the file, and of what is taken from the log. */
const longestFileBytes = 4096;
const longestLogBytes = 2048;
const mostLogLines = 80;

/**
 * What a container wrote at its terminationMessagePath, or with FallbackToLogsOnError the end of its log. A path below /dev is gone with the
 * container here; every other is read from what it leaves.
 */
export async function terminationMessage(
  engine: Engine,
  container: Container,
  ended: ContainerDetails,
  log: Buffer,
): Promise<string | undefined> {
  const { terminationMessagePath: path = '/dev/termination-log', terminationMessagePolicy: policy } =
    container;
  const written = path.startsWith('/dev/') ? undefined : await readFile(engine, ended.containerId, path);
  if (written) return written;
  if (policy !== 'FallbackToLogsOnError' || ended.exitCode === 0) return undefined;
  const lines = log.subarray(-longestLogBytes).toString('utf8').trimEnd().split('\n');
  return lines.slice(-mostLogLines).join('\n') || undefined;
}

async function readFile(engine: Engine, containerId: string, path: string): Promise<string | undefined> {
  try {
    const archive = await engine.readArchive?.(containerId, path);
    if (!archive) return undefined;
    for await (const entry of archive.pipe(extract())) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).subarray(0, longestFileBytes).toString('utf8') || undefined;
    }
  } catch {
    // There is no such file: it had nothing to say.
  }
  return undefined;
}
