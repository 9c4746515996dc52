import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { watch as chokidar } from 'chokidar';
import type { Clock } from '../lib/clock.js';
import { signatureOf } from './read-believed.js';

/**
 * How often the watched paths are looked at beside the system's events, which never come when a folder is replaced or a symlink points
 * elsewhere.
 */
const lookEveryMs = 2000;
const manifestName = /\.(ya?ml|json)$/;

/** The manifest files at a path: itself, or those directly in it when it is a folder. A path that is not there stands for a file. */
export async function filesAt(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path);
    return names
      .filter((name) => manifestName.test(name) && !name.startsWith('.'))
      .sort()
      .map((name) => join(path, name));
  } catch {
    return [path];
  }
}

/** Calls `onMaybeChanged` for every file that may have another content than before; too often rather than too seldom. */
export function watchPaths(options: { clock: Clock; onMaybeChanged(file: string): void }): {
  add(path: string): void;
  remove(path: string): void;
  close(): Promise<void>;
} {
  const { clock, onMaybeChanged } = options;
  const paths = new Set<string>();
  const signatures = new Map<string, string>();
  const watcher = chokidar([], { ignoreInitial: true, depth: 0 });
  const watches = (file: string) => paths.has(file) || manifestName.test(file);
  watcher.on('all', (_event, file) => {
    if (watches(file)) onMaybeChanged(file);
  });
  // Where the system has no watches left to give, looking every two seconds is all there is.
  watcher.on('error', () => {});

  let closed = false;
  let cancel = () => {};
  const lookAtAll = async () => {
    for (const path of paths) {
      const files = await filesAt(path);
      const inode = (await signatureOf(path)).split('/').slice(0, 2).join('/');
      if (signatures.has(`watched ${path}`) && signatures.get(`watched ${path}`) !== inode) rewatch(path);
      signatures.set(`watched ${path}`, inode);
      const known = [...signatures.keys()].filter((file) => file.startsWith(`${path}/`));
      for (const file of new Set([...files, ...known])) {
        const now = await signatureOf(file);
        // One that is new here may have been saved since it was first read.
        if (signatures.get(file) !== now) onMaybeChanged(file);
        signatures.set(file, now);
      }
    }
    if (!closed) cancel = clock.after(lookEveryMs, () => void lookAtAll());
  };
  const rewatch = (path: string) => {
    watcher.unwatch(path);
    watcher.add(path);
  };
  cancel = clock.after(lookEveryMs, () => void lookAtAll());
  return {
    add(path) {
      paths.add(path);
      watcher.add(path);
    },
    remove(path) {
      paths.delete(path);
      watcher.unwatch(path);
      for (const file of [...signatures.keys()]) {
        if (file === path || file.startsWith(`${path}/`) || file === `watched ${path}`)
          signatures.delete(file);
      }
    },
    async close() {
      closed = true;
      cancel();
      await watcher.close();
    },
  };
}
