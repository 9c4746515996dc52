import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { eventually } from '../engine/eventually.js';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-stand-in-'));
const cluster = `standin-${process.pid}`;
const file = join(folder, 'gpu.yaml');
cpSync(at('examples/multi-node-gpu.yaml'), file);

const run = async (...words: string[]) => {
  const made = await execa(process.execPath, [at('dist/cli/main.js'), ...words, '--cluster', cluster], {
    reject: false,
    stdin: 'ignore',
    env: { XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1' },
  });
  return { code: made.exitCode, stdout: made.stdout, stderr: made.stderr };
};
const json = async <T>(...words: string[]): Promise<T> =>
  JSON.parse((await run(...words, '-o', 'json')).stdout) as T;
const ids = async () =>
  (
    await execa('docker', ['ps', '-q', '--no-trunc', '--filter', `label=minithena.dev/cluster=${cluster}`])
  ).stdout
    .split('\n')
    .sort();

afterAll(async () => {
  await run('down', '--volumes');
  rmSync(folder, { recursive: true, force: true });
});

interface Pods {
  items: {
    metadata: { name: string; annotations?: Record<string, string> };
    spec: { containers: { image: string; resources?: object }[] };
  }[];
}

it('a serving written for GPU nodes runs with the stand-in, and its file stays as it is', async () => {
  const text = readFileSync(file, 'utf8');
  const made = await run('up', file, '--plain', '--stand-in', '--timeout', '5m');
  expect(made.stderr).toMatch(/stand-in: llama-multinode\/decode vllm instead of vllm\/vllm-openai:v0.10.1/);
  expect(made).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8')).toBe(text);

  const { items } = await json<Pods>('get', 'pods');
  const [entry] = items;
  expect(entry?.metadata.annotations?.['minithena.dev/stand-in']).toBe(
    'model=ghcr.io/volcano-sh/downloader:latest,vllm=vllm/vllm-openai:v0.10.1,runtime=ghcr.io/volcano-sh/runtime:latest',
  );
  expect(entry?.spec.containers.map(({ resources }) => resources ?? {})).toEqual([{}, {}]);
  const ports = entry?.metadata.annotations?.['minithena.dev/published-ports'] ?? '';
  const port = /8080→127\.0\.0\.1:(\d+)/.exec(ports)?.[1] ?? '';
  const answer = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'qwen3', messages: [{ role: 'user', content: 'hi' }], max_tokens: 4 }),
  });
  expect(
    ((await answer.json()) as { choices: { message: { content: string } }[] }).choices[0]?.message.content,
  ).not.toBe('');
  await eventually('its log', async () =>
    /2 members/.test((await run('logs', entry?.metadata.name ?? '', '-c', 'vllm')).stdout),
  );
});

it('a new daemon keeps to it, and without it the images themselves are run again', async () => {
  const before = await ids();
  await run('stop');
  expect(await run('up', file, '--plain', '--timeout', '5m')).toMatchObject({ code: 0 });
  expect(await ids()).toEqual(before);
  await run('up', file, '--detach', '--no-stand-in');
  const endMs = Date.now() + 120_000;
  const images = async () =>
    (await json<Pods>('get', 'pods')).items.flatMap(({ spec }) => spec.containers.map(({ image }) => image));
  while (!(await images()).includes('vllm/vllm-openai:v0.10.1')) {
    if (Date.now() > endMs) throw new Error('the images were not taken back');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
});
