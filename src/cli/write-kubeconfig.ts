import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { AppError, isAppError, messageOf } from '../lib/app-error.js';

/**
 * Changes a kubeconfig, which may not exist yet, under the lock that kubectl takes too. It holds a token then: mode 0600. Nothing is written
 * where nothing changes. Throws Usage, NotEditable, Failed, each with the file's name.
 */
export function writeKubeconfig<T extends { readonly text: string }>(
  file: string,
  change: (text: string) => T,
): T {
  const lock = `${file}.lock`;
  const failed = (error: unknown): AppError => {
    if (isAppError(error))
      return new AppError(error.code, `${file}: ${error.message}`, {
        hint: error.hint ?? 'correct it, or name another file: --merge FILE',
      });
    const isLocked = (error as NodeJS.ErrnoException).code === 'EEXIST';
    return new AppError('Failed', `${file} cannot be written: ${messageOf(error)}`, {
      hint: isLocked
        ? `another program writes it; if none does, remove ${lock}`
        : 'name another file: --merge FILE',
    });
  };
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (error) {
    throw failed(error);
  }
  try {
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const changed = change(before);
    if (changed.text !== before) writeFileAtomic.sync(file, changed.text, { mode: 0o600 });
    return changed;
  } catch (error) {
    throw failed(error);
  } finally {
    rmSync(lock, { force: true });
  }
}
