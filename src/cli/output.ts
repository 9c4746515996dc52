import pc from 'picocolors';
import type { Level } from '../api/pod-summary.js';

export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}
export type { Level };

/** Data goes to stdout, everything said about it to stderr, so that a pipe gets data only. */
export interface Output {
  data(text: string): void;
  /** Without a newline of its own. */
  raw(text: string): void;
  progress(text: string): void;
  readonly stdout: Painter;
  readonly stderr: Painter;
}
/** How one stream is written: colours only where it bears them, glyphs only where a person looks. */
export interface Painter {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  readonly color: boolean;
  readonly ascii: boolean;
  /** The word in the colour of its level, on a terminal with its glyph before it: scripts read the bare word. */
  status(level: Level, word: string): string;
  glyph(level: Level): string;
  bold(text: string): string;
  dim(text: string): string;
  bad(text: string): string;
  good(text: string): string;
  /** Our own words without signs that ASCII lacks, where ASCII was asked for. */
  words(text: string): string;
}

const signs = { good: '✅', busy: '⏳', bad: '❌' } as const;
const asciiSigns = { good: '[ok]', busy: '[..]', bad: '[!!]' } as const;

export function makeOutput(
  streams: { stdout: Stream; stderr: Stream },
  options: { color?: boolean | undefined; ascii?: boolean | undefined },
  env: NodeJS.ProcessEnv,
): Output {
  const stdout = painter(streams.stdout, options, env);
  const stderr = painter(streams.stderr, options, env);
  return {
    stdout,
    stderr,
    data: (text) => void streams.stdout.write(`${stdout.words(text)}\n`),
    raw: (text) => void streams.stdout.write(text),
    progress: (text) => void streams.stderr.write(`${stderr.words(text)}\n`),
  };
}

function painter(
  stream: Stream,
  options: { color?: boolean | undefined; ascii?: boolean | undefined },
  env: NodeJS.ProcessEnv,
): Painter {
  const isTerminal = stream.isTTY === true;
  const color = options.color ?? (isTerminal && !env.NO_COLOR && env.TERM !== 'dumb');
  const ascii = options.ascii ?? (isTerminal && asciiByDefault(env));
  const colors = pc.createColors(color);
  const paint = { good: colors.green, busy: colors.yellow, bad: colors.red };
  const glyph = (level: Level) => (ascii ? asciiSigns : signs)[level];
  return {
    isTerminal,
    columns: stream.columns,
    color,
    ascii,
    status: (level, word) => (isTerminal ? `${glyph(level)} ${paint[level](word)}` : paint[level](word)),
    glyph,
    bold: colors.bold,
    dim: colors.dim,
    bad: colors.red,
    good: colors.green,
    words: (text) => (ascii ? toAscii(text) : text),
  };
}

/** The Linux console has no emoji, a dumb terminal may not, and a locale that is not UTF-8 says so. */
function asciiByDefault(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return env.TERM === 'linux' || env.TERM === 'dumb' || (locale !== '' && !/utf-?8/i.test(locale));
}

const toAscii = (text: string): string =>
  text
    .replaceAll('→', '->')
    .replaceAll('✅', '[ok]')
    .replaceAll('❎', '[--]')
    .replaceAll('⏳', '[..]')
    .replaceAll('❌', '[!!]')
    .replaceAll('…', '...')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[–—−]/g, '-')
    .replaceAll('·', '|');
