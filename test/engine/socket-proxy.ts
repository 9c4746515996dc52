import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineConnection } from '../../src/kubelet/docker/connect.js';

/** A socket in front of the engine's own, so that contact can be lost and made again while the engine runs on. */
export async function socketProxy(engine: EngineConnection) {
  if (!('socketPath' in engine.options)) throw new Error(`${engine.address} is no socket`);
  const { socketPath } = engine.options;
  const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  const path = join(folder, 'engine.sock');
  const open = new Set<Socket>();
  let refusing = false;
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = dial({ path: socketPath, allowHalfOpen: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    if (refusing) near.destroy();
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    connection: { ...engine, address: `unix://${path}`, options: { socketPath: path } },
    /** Ends every connection; with `refuse` new ones as well until `admit`. */
    drop(options: { refuse?: boolean } = {}) {
      refusing = options.refuse === true;
      for (const socket of open) socket.destroy();
    },
    admit() {
      refusing = false;
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
