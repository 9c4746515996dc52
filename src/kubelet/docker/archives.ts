import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { PathFacts } from '../../api/pod-sessions.js';
import { orUndefined, translated } from './translate-error.js';

/** What stands at a path of a container, running or not; undefined where nothing does. */
export const statPath = (docker: Docker, containerId: string, path: string): Promise<PathFacts | undefined> =>
  orUndefined(async () => {
    const answer = (await docker.getContainer(containerId).infoArchive({ path })) as unknown as {
      headers: Record<string, string>;
    };
    const told = answer.headers['x-docker-container-path-stat'] ?? '';
    const { mode, name, size } = JSON.parse(Buffer.from(told, 'base64').toString('utf8')) as {
      mode: number;
      name: string;
      size: number;
    };
    // The bit of Go's file modes for a directory.
    return { name, sizeBytes: size, isDirectory: mode >= 2 ** 31 };
  });

/** A file or folder of a container as a tar archive, its own name first. */
export const readArchive = (docker: Docker, containerId: string, path: string): Promise<Readable> =>
  translated(() => docker.getContainer(containerId).getArchive({ path }) as unknown as Promise<Readable>);

/** Unpacks a tar archive into a folder of a container. */
export async function writeArchive(
  docker: Docker,
  containerId: string,
  folder: string,
  archive: Readable,
): Promise<void> {
  await translated(() => docker.getContainer(containerId).putArchive(archive as never, { path: folder }));
}
