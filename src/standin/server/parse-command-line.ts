import type { Settings } from './settings.js';

/** A command line that vLLM would refuse as well; the process ends with 2, as argparse does. */
export class CommandLineError extends Error {}

/** Flags that act here, by every spelling vLLM has for them. */
const acting: Readonly<Record<string, string>> = {
  model: 'model',
  'model-path': 'model',
  'served-model-name': 'served-model-name',
  host: 'host',
  port: 'port',
  'api-key': 'api-key',
  'max-model-len': 'max-model-len',
  'max-num-seqs': 'max-num-seqs',
  headless: 'headless',
  'context-length': 'max-model-len',
  nnodes: 'nnodes',
  'node-rank': 'node-rank',
  'dist-init-addr': 'meeting',
  'nccl-init-addr': 'meeting',
  'master-addr': 'master-addr',
  'master-port': 'master-port',
};
/** Flags whose meaning a stand-in has no use for, but which belong to so many command lines that no note is made of them. */
const understood = new Set([
  'tensor-parallel-size',
  'pipeline-parallel-size',
  'data-parallel-size',
  'kv-transfer-config',
  'gpu-memory-utilization',
  'dtype',
  'seed',
  'trust-remote-code',
  'enforce-eager',
]);
const shortFlags: Readonly<Record<string, string>> = {
  '-tp': 'tensor-parallel-size',
  '-pp': 'pipeline-parallel-size',
  '-dp': 'data-parallel-size',
  '-q': 'quantization',
};
/** Flags that take no value, so that a model name behind them is not swallowed. */
const isSwitch = (flag: string) =>
  /^(enable|disable|no|use|skip|return|allow)-/.test(flag) ||
  ['headless', 'trust-remote-code', 'enforce-eager', 'async-scheduling', 'language-model-only'].includes(
    flag,
  );

interface Words {
  flags: Map<string, string[] | true>;
  positional: string[];
}

function readWords(words: readonly string[]): Words {
  const flags: Words['flags'] = new Map();
  const positional: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(word);
    const flag = shortFlags[word] ?? long?.[1]?.replaceAll('_', '-');
    if (flag === undefined) {
      positional.push(word);
      continue;
    }
    if (long?.[2] !== undefined) {
      flags.set(flag, [long[2]]);
      continue;
    }
    const values: string[] = [];
    const takesMany = flag === 'served-model-name';
    while (!isSwitch(flag) && (takesMany || values.length === 0)) {
      const next = words[at + 1];
      if (next === undefined || /^-[^\d]/.test(next)) break;
      values.push(next);
      at++;
    }
    flags.set(flag, values.length === 0 ? true : values);
  }
  return { flags, positional };
}

/** vLLM writes lengths as 4096, 4k (×1000) or 4K (×1024). */
function wholeNumber(flag: string, text: string): number {
  const match = /^(\d+)([kKmM]?)$/.exec(text);
  const unit = { k: 1e3, K: 1024, m: 1e6, M: 1024 ** 2 }[match?.[2] ?? ''] ?? 1;
  const value = Number(match?.[1]) * unit;
  if (!match || !Number.isSafeInteger(value)) {
    throw new CommandLineError(`argument --${flag}: invalid int value: '${text}'`);
  }
  return value;
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>, name: string, otherwise: number) {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new CommandLineError(`${name}: not a number: '${text}'`);
  return value;
}

function groupOf(
  one: (flag: string) => string | undefined,
  number: (flag: string, otherwise: number) => number,
): Settings['group'] {
  const size = number('nnodes', 1);
  if (size < 2) return undefined;
  const rank = number('node-rank', 0);
  const [host = '', port] = (one('meeting') ?? one('master-addr') ?? '').split(':');
  if (host === '') throw new CommandLineError(`argument --nnodes: ${size} nodes need an address to meet at`);
  return {
    rank,
    size,
    meeting: { host, port: port ? wholeNumber('dist-init-addr', port) : number('master-port', 29_501) },
  };
}

/**
 * Reads what stands behind the program's name: `serve MODEL --port 8000`, `-m vllm.entrypoints.openai.api_server --model MODEL`, or the
 * flags alone. Unknown flags are collected, not refused: vLLM has hundreds and gains new ones every month. Throws CommandLineError. Pure.
 */
export function parseCommandLine(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  // Python's own flags come before what it runs.
  const given = argv.slice(argv.findIndex((word) => !/^-[uBOIsE]+$/.test(word)));
  const isSglang = given[0] === '-m' && given[1] === 'sglang.launch_server';
  const words = given[0] === '-m' ? given.slice(2) : given[0] === 'serve' ? given.slice(1) : given;
  const { flags, positional } = readWords(words);
  const one = (wanted: string): string | undefined => {
    for (const [flag, values] of flags) {
      if (acting[flag] !== wanted) continue;
      if (values === true) throw new CommandLineError(`argument --${flag}: expected one argument`);
      return values[0];
    }
    return undefined;
  };
  const number = (flag: string, otherwise: number) => {
    const text = one(flag);
    return text === undefined ? otherwise : wholeNumber(flag, text);
  };
  const model = positional[0] ?? one('model') ?? 'stand-in';
  const served = flags.get('served-model-name');
  const port = number('port', isSglang ? 30_000 : 8000);
  if (port > 65_535) throw new CommandLineError(`argument --port: ${port} is no port`);
  return {
    model,
    servedNames: Array.isArray(served) ? served : [model],
    host: one('host') ?? (isSglang ? '127.0.0.1' : undefined),
    port,
    headless: flags.has('headless'),
    isSglang,
    group: groupOf(one, number),
    apiKey: one('api-key') ?? (env.VLLM_API_KEY || undefined),
    maxModelTokens: number('max-model-len', 32_768),
    maxRunning: Math.max(1, number('max-num-seqs', 256)),
    startupMs: fromEnvironment(env, 'STANDIN_STARTUP_SECONDS', 2) * 1000,
    msPerToken: fromEnvironment(env, 'STANDIN_TOKEN_MS', 5),
    given: Object.fromEntries([...flags].map(([flag, v]) => [flag, v === true ? v : v.join(' ')])),
    ignored: [
      ...[...flags.keys()].filter((f) => !(f in acting) && !understood.has(f)).map((f) => `--${f}`),
      ...positional.slice(1),
    ],
  };
}
