import { posix } from 'node:path';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import type { VolumeEntry } from '../engine.js';
import { sandboxImage } from '../map/needs-sandbox.js';
import { settled, translated } from './translate-error.js';

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
  await translated(async () => {
    const carrier = await docker.createContainer({
      Image: sandboxImage,
      Labels: labels,
      HostConfig: { NetworkMode: 'none', Mounts: [{ Type: 'volume', Source: volume, Target: `/${folder}` }] },
    });
    try {
      await carrier.putArchive(Buffer.concat(chunks), { path: into });
    } finally {
      await settled(() => carrier.remove({ force: true }), true);
    }
  });
}
