import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { AppError, isAppError, messageOf } from '../lib/app-error.js';
import { stableJson } from '../lib/stable-json.js';

export interface JsonFolder<T> {
  all(): T[];
  get(key: string): T | undefined;
  /** Where the value of a key is, or would be. */
  pathOf(key: string): string;
  /** Replaces atomically; nothing when nothing changed. Throws StateNotWritable. */
  write(key: string, value: T): void;
  remove(key: string): void;
}

/**
 * Values under keys, each a JSON file of a folder. A file that cannot be read, or that `isWhole` does not take, is set aside as *.corrupt.
 * What `refuse` throws as AppError about a content is thrown.
 */
export function jsonFolder<T>(
  path: string,
  options: {
    isWhole(value: Partial<T>): boolean;
    onProblem(message: string): void;
    refuse?(file: string, value: unknown): void;
  },
): JsonFolder<T> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const known = new Map<string, { value: T; text: string }>();
  const pathOf = (key: string) => join(path, `${key}.json`);
  for (const name of readdirSync(path).filter((each) => each.endsWith('.json'))) {
    const file = join(path, name);
    try {
      const value = JSON.parse(readFileSync(file, 'utf8')) as T | null;
      options.refuse?.(file, value);
      if (value === null || !options.isWhole(value)) throw new Error('parts of it are missing');
      known.set(name.slice(0, -'.json'.length), { value, text: stableJson(value) });
    } catch (error) {
      if (isAppError(error)) throw error;
      options.onProblem(`${file} cannot be read and is set aside: ${messageOf(error)}`);
      renameSync(file, `${file}.corrupt`);
    }
  }
  return {
    all: () => [...known.values()].map(({ value }) => value),
    get: (key) => known.get(key)?.value,
    pathOf,
    write(key, value) {
      const text = stableJson(value);
      if (known.get(key)?.text === text) return;
      const file = pathOf(key);
      try {
        writeFileAtomic.sync(file, `${JSON.stringify(value, null, 1)}\n`, { mode: 0o600 });
      } catch (error) {
        throw new AppError('StateNotWritable', `${file} cannot be written: ${messageOf(error)}`, {
          hint: 'make room, or give this user the right to write there',
          cause: error,
        });
      }
      known.set(key, { value: structuredClone(value), text });
    },
    remove(key) {
      known.delete(key);
      rmSync(pathOf(key), { force: true });
    },
  };
}
