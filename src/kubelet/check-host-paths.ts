import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { ConfigError } from './map/config-error.js';

/** Holds each hostPath to its Kubernetes type; the OrCreate types make what is missing. Throws ConfigError naming the path. */
export function checkHostPaths(wanted: readonly { path: string; type: string }[]): void {
  for (const { path, type } of wanted) {
    if (!path.startsWith('/')) throw new ConfigError(`hostPath ${path} is not absolute`);
    let found = statSync(path, { throwIfNoEntry: false });
    if (!found && type === 'DirectoryOrCreate') mkdirSync(path, { recursive: true, mode: 0o755 });
    if (!found && type === 'FileOrCreate') writeFileSync(path, '', { flag: 'a', mode: 0o644 });
    found ??= statSync(path, { throwIfNoEntry: false });
    if (!found) throw new ConfigError(`hostPath ${path} does not exist`);
    const fits =
      type === '' ||
      (type.startsWith('Directory') && found.isDirectory()) ||
      (type.startsWith('File') && found.isFile()) ||
      (type === 'Socket' && found.isSocket()) ||
      (type === 'CharDevice' && found.isCharacterDevice()) ||
      (type === 'BlockDevice' && found.isBlockDevice());
    if (!fits) throw new ConfigError(`hostPath ${path} is not a ${type.replace('OrCreate', '')}`);
  }
}
