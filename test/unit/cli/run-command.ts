import type { CliClient } from '../../../src/cli/cli-client.js';
import { runCli } from '../../../src/cli/run-cli.js';
import { nowMs } from './sample-objects.js';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line against a client, and returns what the user got. */
export async function runCommand(
  line: string | readonly string[],
  client: CliClient | Error,
  options: {
    terminal?: boolean;
    env?: NodeJS.ProcessEnv;
    signal?: AbortSignal;
    onOutput?: (text: string) => void;
  } = {},
): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const isTTY = options.terminal === true;
  const code = await runCli(typeof line === 'string' ? line.split(' ') : line, {
    stdout: {
      isTTY,
      write(text) {
        stdout += text;
        options.onOutput?.(stdout);
      },
    },
    stderr: {
      isTTY,
      write(text) {
        stderr += text;
      },
    },
    env: options.env ?? {},
    signal: options.signal ?? new AbortController().signal,
    now: () => nowMs,
    async connect() {
      if (client instanceof Error) throw client;
      return client;
    },
  });
  return { code, stdout, stderr };
}
