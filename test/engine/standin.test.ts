import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/lib/logger.js';
import { ensureStandIn, type ImageBuilder } from '../../src/standin/ensure-stand-in.js';
import { compileServer } from '../unit/standin/compile-server.js';

const docker = (...args: string[]) => execa('docker', args, { all: true, reject: false });
const prefix = `standin-test-${process.pid}`;
/** A name of its own: the image that other tests and clusters use stays as it is. */
const tag = `minithena/${prefix}:latest`;
let serial = 0;
let serverFolder = '';

/** The same image by the docker command line, so that the recipe is tried apart from our own builder. */
const byCommandLine: ImageBuilder = {
  async imageLabels(tag) {
    const { stdout, exitCode } = await docker('image', 'inspect', '-f', '{{json .Config.Labels}}', tag);
    return exitCode === 0 ? ((JSON.parse(stdout) as Record<string, string> | null) ?? {}) : undefined;
  },
  async build({ tag, dockerfile, files, labels }) {
    const context = mkdtempSync(join(tmpdir(), 'context-'));
    try {
      writeFileSync(join(context, 'Dockerfile'), dockerfile);
      for (const { path, mode, content, sourcePath } of files) {
        const target = join(context, path);
        mkdirSync(dirname(target), { recursive: true });
        if (content) writeFileSync(target, content);
        else await copyFile(sourcePath ?? '', target);
        await chmod(target, mode);
      }
      const flags = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
      const { exitCode, all } = await docker('build', '-q', '-t', tag, ...flags, context);
      if (exitCode !== 0) throw new Error(all);
    } finally {
      rmSync(context, { recursive: true, force: true });
    }
  },
};
const ensure = () => ensureStandIn({ images: byCommandLine, logger: silentLogger, serverFolder, tag });

async function run(...args: string[]) {
  const name = `${prefix}-${++serial}`;
  const { exitCode, all } = await docker('run', '-d', '--name', name, ...args);
  if (exitCode !== 0) throw new Error(all);
  return name;
}
/** Tries until it holds, with a generous deadline. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error('it did not come to hold');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
const healthy = async (name: string) => {
  const ip = (await docker('inspect', '-f', '{{.NetworkSettings.IPAddress}}', name)).stdout;
  return (await fetch(`http://${ip}:8000/health`).catch(() => undefined))?.status === 200;
};

beforeAll(async () => {
  serverFolder = compileServer();
  await ensure();
});
afterAll(async () => {
  rmSync(serverFolder, { recursive: true, force: true });
  for (let n = 1; n <= serial; n++) await docker('rm', '-f', `${prefix}-${n}`);
  await docker('rmi', tag);
});

describe('the stand-in image', () => {
  it('is built once', async () => {
    expect(await ensure()).toEqual({ tag, built: false });
  });

  it.each([
    ['flags alone', [], ['--model', 'org/m']],
    ['vllm serve', ['--entrypoint', 'vllm'], ['serve', 'org/m']],
    [
      'python3 -m',
      ['--entrypoint', 'python3'],
      ['-m', 'vllm.entrypoints.openai.api_server', '--model', 'org/m'],
    ],
    ['a whole command line as args', [], ['vllm', 'serve', 'org/m']],
    ['a shell as args', [], ['bash', '-c', 'exec python3 -m vllm.entrypoints.openai.api_server --model m']],
    ['a shell', ['--entrypoint', 'sh'], ['-c', 'exec vllm serve org/m']],
  ])('serves when started by %s, and obeys SIGTERM', async (_how, flags, words) => {
    const name = await run('-e', 'STANDIN_STARTUP_SECONDS=0', ...flags, tag, ...words);
    await until(() => healthy(name));
    await docker('kill', '-s', 'TERM', name);
    await docker('wait', name);
    expect((await docker('inspect', '-f', '{{.State.ExitCode}}', name)).stdout).toBe('0');
  });

  it('looks up names, writes to /tmp as any user, and runs exec probes', async () => {
    const name = await run('--user', '1234', '--add-host', 'decode-0.ns:10.1.2.3', tag);
    const exec = (...words: string[]) => docker('exec', name, ...words);
    const looked = await exec(
      'node',
      '-e',
      `require('dns').lookup('decode-0.ns', (e, ip) => console.log(e ?? ip))`,
    );
    expect(looked.stdout).toBe('10.1.2.3');
    expect(await exec('sh', '-c', 'echo yes > /tmp/probe && cat /tmp/probe')).toMatchObject({
      stdout: 'yes',
    });
    expect((await exec('python3', '-c', 'print(1)')).exitCode).toBe(127);
  });

  it('runs the scripts that engines are started with', async () => {
    const script = [
      'set -e',
      'export MODEL="$(basename /models/org/m)" PORT=8000',
      'pip install nixl',
      'hf download org/m --local-dir /models/m',
      'for i in $(seq 1 3); do echo "try $i"; done',
      'if [ -f /models/m/MINITHENA_STAND_IN ] && ! nvidia-smi | grep -q H100; then',
      '  exec vllm serve "/models/$MODEL" \\',
      '    --port $PORT --tensor-parallel-size 2',
      'fi',
    ].join('\n');
    const name = await run('-e', 'STANDIN_STARTUP_SECONDS=0', '--entrypoint', 'bash', tag, '-lc', script);
    await until(() => healthy(name));
    const waited =
      'until curl -sf http://127.0.0.1:8000/health; do sleep 0.1; done; curl -s localhost:8000/v1/models';
    expect((await docker('exec', name, 'sh', '-c', waited)).stdout).toMatch(/"\/models\/m"/);
    expect((await docker('exec', name, 'sh', '-c', 'curl -f localhost:8000/none')).exitCode).toBe(22);
  });

  it('several nodes begin together and end with the first', async () => {
    const network = `${prefix}-net`;
    await docker('network', 'create', network);
    try {
      const sglang = '-m sglang.launch_server --model-path m --host 0.0.0.0 --port 8000 --nnodes 2'.split(
        ' ',
      );
      const node = (rank: number, first: string) =>
        run(
          ...['-e', 'STANDIN_STARTUP_SECONDS=0', '--network', network, '--entrypoint', 'python3'],
          ...(rank === 0 ? ['--network-alias', first] : []),
          ...[tag, ...sglang, '--node-rank', String(rank), '--dist-init-addr', `${first}:5000`],
        );
      const serves = async (name: string) =>
        (await docker('exec', name, 'curl', '-sf', 'http://127.0.0.1:8000/get_model_info')).exitCode === 0;
      const worker = await node(1, 'entry');
      await until(async () => /waiting for entry:5000/.test((await docker('logs', worker)).all));
      const entry = await node(0, 'entry');
      await until(() => serves(entry));
      await until(async () => /2 of 2 nodes are here/.test((await docker('logs', entry)).all));
      await docker('kill', entry);
      expect((await docker('wait', worker)).stdout).toBe('1');
    } finally {
      for (let n = 1; n <= serial; n++) await docker('rm', '-f', `${prefix}-${n}`);
      await docker('network', 'rm', network);
    }
  });
});
