import { posix } from 'node:path';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { isAppError } from '../../lib/app-error.js';
import type { VolumeEntry } from '../engine.js';
import { sandboxImage } from '../map/needs-sandbox.js';
import { settled, translated, translateError } from './translate-error.js';

/** Where the carrier has the volume. */
const folder = 'volume';

/** Writes into a volume through a container that is made for it, never runs, and goes again. Throws what the engine says. */
export async function fillVolume(
  docker: Docker,
  volume: string,
  entries: readonly VolumeEntry[],
  labels: Record<string, string>,
  isPodman: boolean,
): Promise<void> {
  // Docker leaves the folder that it unpacks into as it is, Podman does not look into volumes from above.
  const [into, below] = isPodman ? [`/${folder}`, '.'] : ['/', folder];
  await translated(async () => {
    const carrier = await docker.createContainer({
      Image: sandboxImage,
      Labels: labels,
      HostConfig: { NetworkMode: 'none', Mounts: [{ Type: 'volume', Source: volume, Target: `/${folder}` }] },
    });
    try {
      const wanted: VolumeEntry[] = [];
      for (const entry of entries)
        if (!('unlessThere' in entry) || !(await isThere(carrier, entry.path))) wanted.push(entry);
      if (wanted.length > 0) await carrier.putArchive(await archiveOf(wanted, below), { path: into });
    } finally {
      await settled(() => carrier.remove({ force: true }), true);
    }
  });
}

const isThere = (carrier: Docker.Container, path: string): Promise<boolean> =>
  carrier.infoArchive({ path: posix.join('/', folder, path) }).then(
    () => true,
    (error: unknown) => {
      if (isAppError(translateError(error), 'EngineNotFound')) return false;
      throw error;
    },
  );

async function archiveOf(entries: readonly VolumeEntry[], below: string): Promise<Buffer> {
  const archive = pack();
  for (const entry of entries) {
    const name = posix.join(below, entry.path, entry.kind === 'directory' ? '/' : '');
    if (entry.kind === 'link') archive.entry({ name, type: 'symlink', linkname: entry.target });
    else {
      const { mode, gid } = entry;
      if (entry.kind === 'directory') archive.entry({ name, type: 'directory', mode, gid, uid: 0 });
      else archive.entry({ name, mode, gid, uid: 0 }, Buffer.from(entry.content));
    }
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
