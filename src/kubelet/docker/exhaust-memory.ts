import type Docker from 'dockerode';
import { AppError } from '../../lib/app-error.js';
import { execInContainer } from './exec-in-container.js';
import { translated } from './translate-error.js';

/** Programs that take memory until there is none, of which a container may have one. */
const hogs: readonly (readonly string[])[] = [
  ['sh', '-c', 'x=0123456789abcdef; while :; do x=$x$x; done'],
  ['/bin/busybox', 'sh', '-c', 'x=0123456789abcdef; while :; do x=$x$x; done'],
  ['python3', '-c', 'a=[]\nwhile True: a.append(bytearray(1048576))'],
  ['node', '-e', 'for(const a=[];;)a.push(Buffer.alloc(1048576,1))'],
];
const spareBytes = 32 * 2 ** 20;
const longestMs = 30_000;

/**
 * Lets a container run out of memory: its limit is lowered to little more than it uses, a program inside takes the rest until the system's
 * killer comes, and the whole container is killed then, as Kubernetes' nodes do. Throws EngineRefused where it holds no such program.
 */
export async function exhaustMemory(docker: Docker, containerId: string): Promise<void> {
  const container = docker.getContainer(containerId);
  await translated(async () => {
    const stats = (await container.stats({ stream: false, 'one-shot': true } as { stream: false })) as {
      memory_stats?: { usage?: number };
    };
    const limit = (stats.memory_stats?.usage ?? 0) + spareBytes;
    await container.update({ Memory: limit, MemorySwap: limit });
  });
  for (const hog of hogs) {
    const { exitCode } = await execInContainer(docker, containerId, hog, { timeoutMs: longestMs });
    if (exitCode === 126 || exitCode === 127) continue;
    await translated(() => container.kill({ signal: 'SIGKILL' }));
    return;
  }
  throw new AppError('EngineRefused', 'the container holds no program that could fill its memory', {
    hint: 'minithena chaos kill',
  });
}
