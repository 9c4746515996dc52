import { spawn } from 'node:child_process';
import { cleanText } from '../text/clean-text.js';

/** Of what a command says only the end is kept. */
const keptCharacters = 500_000;

/** Runs a command without a terminal; resolves with its exit code and all it said. The signal ends it. Rejects when it cannot be started. */
export function runProgram(
  argv: readonly string[],
  signal?: AbortSignal,
): Promise<{ exitCode: number; lines: string[] }> {
  const [file = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (data: string) => {
      text = (text + data).slice(-keptCharacters);
    };
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => void child.kill('SIGTERM');
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', reject);
    child.once('close', (code, by) => {
      signal?.removeEventListener('abort', stop);
      const lines = text.replace(/\n+$/, '').split('\n').map(cleanText);
      resolve({ exitCode: code ?? 1, lines: by === null ? lines : [...lines, `ended by ${by}`] });
    });
  });
}

// Ctrl-C is for the command, the shell around it stays. What a command says before it fails would be gone with the screen that comes back.
const waitAfterFailure =
  'trap : INT QUIT; "$@"; code=$?; if [ $code -ne 0 ] && [ $code -ne 130 ]; then printf "\\nexit code %s; enter goes back " "$code"; read -r _; fi; exit $code';

/** Runs a command on the terminal itself; resolves with its exit code. */
export function runOnTerminal(argv: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', waitAfterFailure, 'sh', ...argv], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
