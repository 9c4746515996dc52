import { AppError } from '../../lib/app-error.js';
import type { CliContext } from '../cli-context.js';
import { joinTerminal } from '../join-terminal.js';
import { sessionPod } from '../session-pod.js';

interface AttachOptions {
  readonly container?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
}

/** `attach POD`: what its process says from now on, and with -i what it reads. */
export async function attach(context: CliContext, word: string, options: AttachOptions): Promise<number> {
  const client = await context.client();
  const pod = await sessionPod(context, client, word);
  const { namespace, name } = pod.metadata;
  const { containers } = pod.spec;
  const container =
    containers.find((each) => each.name === options.container) ??
    (options.container === undefined ? containers[0] : undefined);
  if (!container)
    throw new AppError('NotFound', `container ${options.container} is not valid for pod ${name}`, {
      hint: `its containers: ${containers.map((each) => each.name).join(', ')}`,
    });
  const stdin = options.stdin === true;
  const said = context.output;
  if (stdin && !container.stdin)
    said.progress(`Container ${container.name} has no \`stdin: true\`: what is typed here does not reach it`);
  const tty = options.tty === true && stdin && process.stdin.isTTY && container.tty === true;
  if (options.tty && !tty)
    said.progress(
      container.tty
        ? 'Unable to use a TTY - input is not a terminal'
        : `Unable to use a TTY - container ${container.name} did not allocate one`,
    );
  const session = await client.attach({ namespace, pod: name, container: container.name }, { tty, stdin });
  return joinTerminal(session, { tty, stdin, signal: context.signal });
}
