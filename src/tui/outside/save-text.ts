import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** Writes a file for this user alone; false when one is there and is not to be overwritten. Throws as the system does. */
export async function saveText(file: string, text: string, overwrite: boolean): Promise<boolean> {
  const path = resolve(file.replace(/^~(?=\/)/, homedir()));
  try {
    await writeFile(path, text, { flag: overwrite ? 'w' : 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
