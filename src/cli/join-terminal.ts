import type { ExecSession } from '../api/pod-sessions.js';

/**
 * Joins a command to this process's own streams until it has ended; resolves with its exit code. With a terminal every key goes to the command,
 * its size is kept to, and the terminal is given back as it was whatever happens.
 */
export async function joinTerminal(
  session: ExecSession,
  options: { tty: boolean; stdin: boolean; signal: AbortSignal },
): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const resize = () => void session.resize(stdout.columns, stdout.rows);
  const take = (data: Buffer) => {
    stdin.pause();
    void session.write(data).then(() => stdin.resume());
  };
  const end = () => session.endInput();
  const stop = () => session.close();
  options.signal.addEventListener('abort', stop);
  if (options.tty) {
    stdin.setRawMode(true);
    resize();
    stdout.on('resize', resize);
  }
  if (options.stdin) {
    stdin.on('data', take);
    stdin.once('end', end);
  }
  try {
    for await (const { stream, data } of session.output) {
      const to = stream === 'stdout' ? stdout : stderr;
      if (!to.write(data)) await new Promise((resolve) => to.once('drain', resolve));
    }
    return options.signal.aborted ? 130 : await session.exitCode();
  } finally {
    options.signal.removeEventListener('abort', stop);
    stdout.off('resize', resize);
    stdin.off('data', take);
    stdin.off('end', end);
    if (options.tty) stdin.setRawMode(false);
    // It would keep the process waiting for input that nobody reads.
    stdin.destroy();
  }
}
