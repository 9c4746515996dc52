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
const tools = (
  'sh bash basename cat chmod cp cut date dirname echo env expr false find grep head hostname id ln ls mkdir mv nproc printf ' +
  'printenv ps pwd rm sed seq sleep sort tail tee test timeout touch tr true uname wc whoami xargs'
).split(' ');
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

/** Where vLLM's images have the script that makes one engine of several pods. */
const multiNodeScripts = [
  '/vllm-workspace/examples/online_serving/multi-node-serving.sh',
  '/vllm-workspace/multi-node-serving.sh',
  '/vllm-workspace/ray_init.sh',
];
const multiNodeScript = `#!/bin/sh
# The leader waits for all members; a worker joins the leader and ends with it.
role=$1
shift
port=6379
for word in "$@"; do
  case $word in
    --ray_cluster_size=*) size=\${word#*=} ;;
    --ray_address=*) address=\${word#*=} ;;
    --ray_port=*) port=\${word#*=} ;;
  esac
done
case $role in
  leader) ray start --head --port="$port" && ray await "\${size:-1}" "$port" ;;
  worker) exec ray start --address="$address:$port" --block ;;
  *) echo "usage: $0 leader|worker ..." >&2; exit 1 ;;
esac
`;

/** Images without an entrypoint are given a whole command line as args, those with vLLM's own its flags. */
const entryScript = `#!/bin/sh
case $1 in
  vllm | sglang | python | python3 | ray | sh | bash | /bin/* | /usr/* | /vllm-workspace/*) exec "$@" ;;
esac
exec /usr/local/bin/node /standin/server.js "$@"
`;

/** The server and, under the names of vLLM's own commands, scripts that start it; the same on every base. */
export function serverFiles(serverFolder: string): ImageFile[] {
  const launcher = (accepts: string, first = '') => `#!/usr/local/bin/node
const words = process.argv.slice(2);
(async () => {
${first}if (!(${accepts})) {
  console.error('this is the vLLM stand-in: it has only its API server, not: ' + process.argv.slice(1).join(' '));
  process.exit(127);
}
await import('/standin/server.js');
})();
`;
  const python = launcher(
    `words.find((word) => !/^-[uBOIsE]+$/.test(word)) === '-m' && / (vllm\\.entrypoints\\.|sglang\\.launch_server)/.test(' ' + words.join(' '))`,
    `if (words.includes('--version')) { console.log('Python 3.12.0'); process.exit(0); }
const isDownload = words.includes('-c') && /snapshot_download|hf_hub_download/.test(words.join(' '));
if (isDownload) { await import('/standin/download.js'); process.exit(0); }
`,
  );
  const vllm = launcher(`words[0] === 'serve' || words[0] === '--version'`);
  const runs = (script: string) => `#!/usr/local/bin/node\nimport('/standin/${script}.js');\n`;
  const nothing = '#!/bin/sh\necho "stand-in: nothing to do for: $0 $*" >&2\n';
  const programs: Readonly<Record<string, string>> = {
    vllm,
    sglang: '#!/bin/sh\n[ "$1" = serve ] && shift\nexec python3 -m sglang.launch_server "$@"\n',
    python3: python,
    python,
    ray: runs('ray'),
    ...Object.fromEntries(
      ['hf', 'huggingface-cli', 'modelscope', 'aws'].map((name) => [name, runs('download')]),
    ),
    ...Object.fromEntries(['curl', 'wget'].map((name) => [name, runs('fetch')])),
    ...Object.fromEntries(
      ['pip', 'pip3', 'uv', 'apt', 'apt-get', 'nvidia-smi'].map((name) => [name, nothing]),
    ),
  };
  const scripts = readdirSync(serverFolder).filter((name) => name.endsWith('.js'));
  return [
    ...scripts.map((name) =>
      text(`rootfs/standin/${name}`, 0o644, readFileSync(join(serverFolder, name), 'utf8')),
    ),
    text('rootfs/standin/package.json', 0o644, '{"type":"module"}\n'),
    text('rootfs/standin/entry.sh', 0o755, entryScript),
    ...Object.entries(programs).map(([name, content]) =>
      text(`rootfs/usr/local/bin/${name}`, 0o755, content),
    ),
    ...multiNodeScripts.map((path) => text(`rootfs${path}`, 0o755, multiNodeScript)),
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
