import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compileServer } from './compile-server.js';

let folder = '';
const children: ChildProcess[] = [];
beforeAll(() => {
  folder = compileServer();
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function begin(flags: string[] = [], env: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    // The port is the system's choice: one that is picked here first may be another test's by then.
    [join(folder, 'server.js'), 'serve', 'org/m', '--host', '127.0.0.1', '--port', '0', ...flags],
    { env: { ...process.env, STANDIN_STARTUP_SECONDS: '0', STANDIN_TOKEN_MS: '0', ...env } },
  );
  children.push(child);
  let output = '';
  child.stdout?.on('data', (data) => {
    output += data;
  });
  child.stderr?.on('data', (data) => {
    output += data;
  });
  return { child, output: () => output };
}
/** Tries until it holds, with a generous deadline. */
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const endMs = Date.now() + 50_000;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error('it did not come to hold');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const healthy = async (url: string) => (await fetch(`${url}/health`).catch(() => undefined))?.status === 200;
async function serving(flags: string[] = [], env: Record<string, string> = {}) {
  const { child, output } = begin(flags, env);
  const told = () => /Uvicorn running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output())?.[1];
  await until(() => told() !== undefined);
  const url = told() ?? '';
  await until(() => healthy(url));
  const post = (path: string, body: unknown, headers = {}) =>
    fetch(url + path, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { child, output, url, post };
}
// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here
const json = async (response: Response): Promise<any> => response.json();
const events = async (response: Response) =>
  (await response.text())
    .split('\n\n')
    .filter(Boolean)
    .map((line) => line.replace(/^data: /, ''));

describe('the stand-in server', { timeout: 60_000 }, () => {
  it('answers a completion, the same each time, cut at max_tokens', async () => {
    const { post } = await serving();
    const ask = async (more = {}) =>
      json(await post('/v1/completions', { model: 'org/m', prompt: 'Hello there', max_tokens: 5, ...more }));
    const first = await ask();
    expect(first).toMatchObject({
      object: 'text_completion',
      model: 'org/m',
      choices: [{ index: 0, finish_reason: 'length', stop_reason: null }],
      usage: { prompt_tokens: 2, completion_tokens: 5, total_tokens: 7 },
    });
    expect((await ask()).choices).toEqual(first.choices);
    expect((await ask({ seed: 1 })).choices).not.toEqual(first.choices);
    const { text } = first.choices[0];
    const stop = text.trim().split(' ')[2];
    expect((await ask({ stop })).choices[0]).toMatchObject({
      finish_reason: 'stop',
      stop_reason: stop,
      text: text.slice(0, text.indexOf(stop)),
    });
    expect((await ask({ prompt: ['a', 'b'], n: 2 })).choices.map((c: { index: number }) => c.index)).toEqual([
      0, 1, 2, 3,
    ]);
    expect((await ask({ echo: true })).choices[0].text).toBe(`Hello there${text}`);
  });

  it('streams a chat as OpenAI does, with usage when asked for, and says the same as without', async () => {
    const { post } = await serving();
    const body = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] };
    const whole = await json(await post('/v1/chat/completions', body));
    const response = await post('/v1/chat/completions', {
      ...body,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const lines = await events(response);
    expect(lines.pop()).toBe('[DONE]');
    const chunks = lines.map((l) => JSON.parse(l));
    expect(chunks.pop()).toMatchObject({ choices: [], usage: whole.usage });
    expect(chunks[0].choices[0].delta.role).toBe('assistant');
    expect(chunks.map((c) => c.choices[0].delta.content).join('')).toBe(whole.choices[0].message.content);
    expect(chunks.filter((c) => c.choices[0].finish_reason)).toHaveLength(1);
    expect(chunks.at(-1).choices[0].finish_reason).toBe('stop');
  });

  it('shapes its errors as vLLM does', async () => {
    const { post, url } = await serving();
    const error = async (response: Response) => ({
      status: response.status,
      ...(await json(response)).error,
    });
    expect(await error(await post('/v1/completions', '{"a":'))).toMatchObject({
      status: 400,
      code: 400,
      type: 'BadRequestError',
      message: expect.stringContaining('json_invalid'),
    });
    expect(await error(await post('/v1/completions', {}))).toMatchObject({ status: 400, param: 'prompt' });
    expect(await error(await post('/v1/chat/completions', {}))).toMatchObject({
      status: 400,
      param: 'messages',
    });
    expect(await error(await post('/v1/completions', { model: 'x', prompt: 'a' }))).toMatchObject({
      status: 404,
      type: 'NotFoundError',
      message: 'The model `x` does not exist.',
    });
    expect(await error(await post('/v1/completions', { prompt: 'a', max_tokens: 0 }))).toMatchObject({
      status: 400,
    });
    expect(await error(await post('/v1/completions', { prompt: 'a', max_tokens: 1e9 }))).toMatchObject({
      status: 400,
      message: expect.stringContaining('maximum context length is 32768'),
    });
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    expect((await fetch(`${url}/v1/completions`)).status).toBe(405);
  });

  it('measures under vLLM’s names', async () => {
    const { post, url } = await serving(['--served-model-name', 'short']);
    await post('/v1/completions', { model: 'short', prompt: 'one two three', max_tokens: 4 });
    const text = await (await fetch(`${url}/metrics`)).text();
    const value = (name: string) =>
      Number(new RegExp(`^${name}\\{.*model_name="short".*\\} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(value('vllm:prompt_tokens_total')).toBe(3);
    expect(value('vllm:generation_tokens_total')).toBe(4);
    expect(value('vllm:num_requests_running')).toBe(0);
    expect(value('vllm:num_requests_waiting')).toBe(0);
    expect(value('vllm:time_to_first_token_seconds_count')).toBe(1);
    expect(value('vllm:e2e_request_latency_seconds_count')).toBe(1);
    expect(text).toMatch(/vllm:request_success_total\{.*finished_reason="length"\} 1/);
    expect(text).toContain('vllm:kv_cache_usage_perc');
    expect(text).toContain('vllm:gpu_cache_usage_perc');
  });

  it('lets requests wait beyond --max-num-seqs', async () => {
    const { post, url } = await serving(['--max-num-seqs', '1'], { STANDIN_TOKEN_MS: '20' });
    const ask = (count: number) =>
      post('/v1/completions', { prompt: 'a', max_tokens: count, ignore_eos: true }).then(json);
    const gauge = async (name: string) =>
      Number(
        new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1],
      );
    // The first is answered for long enough that the others are seen to wait.
    const first = ask(150);
    await until(async () => (await gauge('vllm:num_requests_running')) === 1);
    const asked = [first, ask(5), ask(5)];
    await until(async () => (await gauge('vllm:num_requests_waiting')) === 2);
    expect(await gauge('vllm:num_requests_running')).toBe(1);
    expect((await Promise.all(asked)).map((a) => a.usage.completion_tokens)).toEqual([150, 5, 5]);
    await until(async () => (await gauge('vllm:num_requests_running')) === 0);
  });

  it('refuses connections while it starts, and obeys SIGTERM then too', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as { port: number };
    free.close();
    await once(free, 'close');
    const { child, output } = begin(['--port', String(port)], { STANDIN_STARTUP_SECONDS: '600' });
    await until(() => output().includes('Starting to load model org/m'));
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    expect((await gone)[0]).toBe(0);
  });

  it('finishes what it answers after SIGTERM and takes nothing new', async () => {
    const { child, post, url, output } = await serving([], { STANDIN_TOKEN_MS: '20' });
    const asked = post('/v1/completions', { prompt: 'a', max_tokens: 75, ignore_eos: true }).then(json);
    await until(async () =>
      /num_requests_running\{.*\} 1/.test(await (await fetch(`${url}/metrics`)).text()),
    );
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    expect((await asked).usage.completion_tokens).toBe(75);
    expect((await gone)[0]).toBe(0);
    expect(output()).toContain('Application startup complete');
    expect(await healthy(url)).toBe(false);
  });

  it('asks for the key it was given, but not for its health', async () => {
    const { post, url } = await serving(['--api-key', 'secret']);
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    const headers = { authorization: 'Bearer secret' };
    expect((await json(await fetch(`${url}/v1/models`, { headers }))).data).toMatchObject([{ id: 'org/m' }]);
    expect((await post('/v1/completions', { prompt: 'a' }, headers)).status).toBe(200);
    expect((await json(await fetch(`${url}/version`))).version).toMatch(/^\d+\.\d+/);
  });

  it('ends with 2 on a wrong flag and 1 on a port that is taken', async () => {
    const wrong = begin(['--max-num-seqs', 'many']);
    expect((await once(wrong.child, 'exit'))[0]).toBe(2);
    const first = await serving();
    const second = begin(['--port', new URL(first.url).port]);
    expect((await once(second.child, 'exit'))[0]).toBe(1);
    await until(() => second.output().includes('EADDRINUSE'));
  });
});
