import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Loaded by the C library itself when it looks up names; ldd does not see them. Newer C libraries have them built in. */
const nameServiceLibraries = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'];

/** The paths in what `ldd` prints. Throws when a library is missing on this machine. Pure. */
export function parseLdd(output: string): string[] {
  return output.split('\n').flatMap((line) => {
    if (/=>\s*not found/.test(line)) throw new Error(`a library is missing: ${line.trim()}`);
    const path = /(?:=>\s*|^\s*)(\/\S+)\s+\(0x/.exec(line)?.[1];
    return path === undefined ? [] : [path];
  });
}

async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ldd', [program], {
    env: { ...process.env, LC_ALL: 'C' },
  }).catch((error: { stdout?: string; stderr?: string; message: string }) => {
    const { stdout: out = '', stderr = '' } = error;
    if (/not a (valid )?dynamic/i.test(out + stderr)) return { stdout: '' };
    throw new Error(stderr.trim() || error.message);
  });
  return parseLdd(stdout);
}

/** Every file that these programs need to start in an otherwise empty file system, the loader included; none for static ones. */
export async function sharedLibraries(programs: readonly string[]): Promise<string[]> {
  // One call each: some ldd take no more than one program.
  const found = new Set((await Promise.all(programs.map(librariesOf))).flat());
  for (const libc of [...found].filter((path) => /\/libc\.so\.6$/.test(path))) {
    for (const name of nameServiceLibraries) {
      const path = join(dirname(libc), name);
      if (existsSync(path)) found.add(path);
    }
  }
  return [...found].sort();
}
