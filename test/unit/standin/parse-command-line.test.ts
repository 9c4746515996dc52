import { describe, expect, it } from 'vitest';
import { CommandLineError, parseCommandLine } from '../../../src/standin/server/parse-command-line.js';

const parse = (line: string, env: Record<string, string> = {}) =>
  parseCommandLine(line.split(' ').filter(Boolean), env);

describe('the command line of the stand-in', () => {
  it.each([
    ['serve org/m --port 8001', 'org/m', 8001],
    ['serve --port 8001 org/m', 'org/m', 8001],
    ['org/m --port=8001', 'org/m', 8001],
    ['-m vllm.entrypoints.openai.api_server --model org/m --port 8001', 'org/m', 8001],
    ['serve --enable-prefix-caching org/m', 'org/m', 8000],
    ['serve --trust-remote-code org/m', 'org/m', 8000],
    ['--model org/m --max-num-seqs 4', 'org/m', 8000],
    ['', 'stand-in', 8000],
  ])('%s', (line, model, port) => {
    expect(parse(line)).toMatchObject({ model, port, servedNames: [model] });
  });

  it('serves under every given name, in place of the model’s own', () => {
    expect(parse('serve org/m --served-model-name a b --port 9').servedNames).toEqual(['a', 'b']);
    expect(parse('serve org/m --served_model_name=a').servedNames).toEqual(['a']);
  });

  it('knows the words of prefill and decode deployments and notes the rest', () => {
    const config = '{"kv_connector":"NixlConnector","kv_role":"kv_both"}';
    const made = parse(
      `serve m -tp 2 --kv-transfer-config ${config} --max-model-len 4k --swap-space -1 --new-switch`,
    );
    expect(made.ignored).toEqual(['--swap-space', '--new-switch']);
    expect(made.given['kv-transfer-config']).toBe(config);
    expect(made.maxModelTokens).toBe(4000);
    expect(made.given['tensor-parallel-size']).toBe('2');
  });

  it.each(['serve m --port abc', 'serve m --port', 'serve m --port 70000', 'serve m --max-model-len 4x'])(
    'refuses %s',
    (line) => expect(() => parse(line)).toThrow(CommandLineError),
  );

  it('takes its start-up time from the environment', () => {
    expect(parse('', { STANDIN_STARTUP_SECONDS: '0.5' }).startupMs).toBe(500);
    expect(() => parse('', { STANDIN_STARTUP_SECONDS: 'soon' })).toThrow('STANDIN_STARTUP_SECONDS');
  });

  it('knows SGLang, and where several nodes meet', () => {
    expect(parse('-u -m sglang.launch_server --model-path org/m')).toMatchObject({
      model: 'org/m',
      host: '127.0.0.1',
      port: 30_000,
      isSglang: true,
      group: undefined,
    });
    expect(
      parse('-m sglang.launch_server --model-path m --nnodes 2 --node-rank 1 --dist-init-addr e.ns:5000')
        .group,
    ).toEqual({ rank: 1, size: 2, meeting: { host: 'e.ns', port: 5000 } });
    expect(parse('serve m --nnodes 4 --master-addr e').group).toEqual({
      rank: 0,
      size: 4,
      meeting: { host: 'e', port: 29_501 },
    });
    expect(() => parse('serve m --nnodes 2')).toThrow(CommandLineError);
  });
});
