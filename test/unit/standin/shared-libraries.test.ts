import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseLdd, sharedLibraries } from '../../../src/standin/shared-libraries.js';

it('takes the paths of libraries and loader out of what ldd prints', () => {
  const glibc = `	linux-vdso.so.1 (0x00007f4c9052b000)
	libdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f4c90515000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f4c9052d000)
`;
  expect(parseLdd(glibc)).toEqual(['/lib/x86_64-linux-gnu/libdl.so.2', '/lib64/ld-linux-x86-64.so.2']);
  expect(parseLdd('\tstatically linked\n')).toEqual([]);
  expect(() => parseLdd('\tlibx.so.1 => not found\n')).toThrow('libx.so.1');
});

it.runIf(process.platform === 'linux')(
  'finds what this node and a shell need, next to a script that needs nothing',
  async () => {
    const found = await sharedLibraries([process.execPath, '/bin/sh', '/usr/bin/ldd']);
    expect(found.some((path) => /\/libc\.so\.6$|ld-musl/.test(path))).toBe(true);
    expect(found.filter((path) => !existsSync(path))).toEqual([]);
  },
);
