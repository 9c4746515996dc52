import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sharedLibraries } from './shared-libraries.js';

/** A file of the image or of its build context; exactly one of `content` and `sourcePath` is given. */
export interface ImageFile {
  /** Relative to the build context, with `/` on every system. */
  readonly path: string;
  readonly mode: number;
  readonly content?: Buffer;
  readonly sourcePath?: string;
}

/** What command lines and exec probes of real images take for granted, as far as this machine has them. */
const tools = 'sh bash cat date echo env false hostname ls mkdir rm sleep test touch true'.split(' ');
const toolFolders = ['/bin', '/usr/bin'];
const text = (path: string, mode: number, content: string): ImageFile => ({
  path,
  mode,
  content: Buffer.from(content),
});

/** The compiled server: beside this file in a build, in `dist` when this file is run from its source. */
export function findServerFolder(here: string): string {
  const candidates = [join(here, 'server'), join(here, '..', '..', 'dist', 'standin', 'server')];
  const found = candidates.find((folder) => existsSync(join(folder, 'server.js')));
  if (found === undefined)
    throw new Error(`the compiled stand-in server is in none of ${candidates.join(', ')}`);
  return found;
}

/** The server and, under the names of vLLM's own commands, scripts that start it; the same on every base. */
export function serverFiles(serverFolder: string): ImageFile[] {
  const launcher = (accepts: string) => `#!/usr/local/bin/node
const words = process.argv.slice(2);
if (!(${accepts})) {
  console.error('this is the vLLM stand-in: it has only its API server, not: ' + process.argv.slice(1).join(' '));
  process.exit(127);
}
import('/standin/server.js');
`;
  const python = launcher(
    `words[0] === '-m' && /^(vllm\\.entrypoints\\.|sglang\\.launch_server)/.test(words[1] ?? '')`,
  );
  const vllm = launcher(`words[0] === 'serve' || words[0] === '--version'`);
  const scripts = readdirSync(serverFolder).filter((name) => name.endsWith('.js'));
  return [
    ...scripts.map((name) =>
      text(`rootfs/standin/${name}`, 0o644, readFileSync(join(serverFolder, name), 'utf8')),
    ),
    text('rootfs/standin/package.json', 0o644, '{"type":"module"}\n'),
    text('rootfs/usr/local/bin/vllm', 0o755, vllm),
    text('rootfs/usr/local/bin/python3', 0o755, python),
    text('rootfs/usr/local/bin/python', 0o755, python),
  ];
}

/** The rest of a file system in which this process's own node runs: the binary, its libraries, a shell, name lookup. Linux only. */
export async function machineFiles(nodePath: string): Promise<ImageFile[]> {
  const programs = tools.flatMap((name) => {
    const path = toolFolders.map((folder) => join(folder, name)).find((p) => existsSync(p));
    return path === undefined ? [] : [{ name, path: realpathSync(path) }];
  });
  const libraries = await sharedLibraries([nodePath, ...new Set(programs.map((p) => p.path))]);
  return [
    { path: 'rootfs/usr/local/bin/node', mode: 0o755, sourcePath: realpathSync(nodePath) },
    ...programs.map(({ name, path }) => ({ path: `rootfs/bin/${name}`, mode: 0o755, sourcePath: path })),
    ...libraries.map((path) => ({
      path: `rootfs${path}`,
      mode: 0o755,
      sourcePath: realpathSync(path),
    })),
    text('rootfs/etc/nsswitch.conf', 0o644, 'hosts: files dns\npasswd: files\ngroup: files\n'),
    text(
      'rootfs/etc/passwd',
      0o644,
      'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
    ),
    text('rootfs/etc/group', 0o644, 'root:x:0:\nnogroup:x:65534:\n'),
  ];
}

/** Folders of the libraries among these files, for the loader of an image that has no cache of them. Pure. */
export const libraryFolders = (files: readonly ImageFile[]): string[] => [
  ...new Set(
    files
      .filter((f) => /\.so(\.|$)/.test(basename(f.path)))
      .map((f) => dirname(f.path).replace(/^rootfs/, '')),
  ),
];
