import type { CliContext } from '../cli-context.js';
import { joinTerminal } from '../join-terminal.js';
import { sessionPod } from '../session-pod.js';
import { usageError } from '../usage-error.js';

interface ExecOptions {
  readonly container?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
}

/** `exec POD -- COMMAND…`: its output is ours, its exit code too. */
export async function exec(
  context: CliContext,
  word: string,
  command: string[],
  options: ExecOptions,
): Promise<number> {
  if (command.length === 0)
    throw usageError('exec needs a command', `for example: minithena exec -it ${word} -- sh`);
  const client = await context.client();
  const pod = await sessionPod(context, client, word);
  const { namespace, name } = pod.metadata;
  const stdin = options.stdin === true;
  const tty = options.tty === true && stdin && process.stdin.isTTY;
  if (options.tty && !tty) context.output.progress('Unable to use a TTY - input is not a terminal');
  const session = await client.exec(
    { namespace, pod: name, ...(options.container !== undefined && { container: options.container }) },
    { command, tty, stdin },
  );
  return joinTerminal(session, { tty, stdin, signal: context.signal });
}
