import type { Command } from 'commander';
import { AppError } from '../lib/app-error.js';
import type { CliClient } from './cli-client.js';
import type { CliContext, GlobalOptions } from './cli-context.js';
import { makeOutput, type Output, type Stream } from './output.js';
import { buildProgram } from './program.js';
import { reportError } from './report-error.js';

/** The process as the CLI sees it. */
export interface CliProcess {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  now(): number;
  connect(options: GlobalOptions): Promise<CliClient>;
}

const interrupted = 130;

/** Runs one command line (without node and script) and resolves with the exit code; never rejects. */
export async function runCli(args: readonly string[], at: CliProcess): Promise<number> {
  let output: Output = makeOutput(at, {}, at.env);
  let connected: Promise<CliClient> | undefined;
  const contextOf = async (command: Command): Promise<CliContext> => {
    const options = command.optsWithGlobals<GlobalOptions>();
    if (!/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(options.cluster)) {
      throw new AppError('Usage', `--cluster "${options.cluster}" is not a cluster name`, {
        hint: 'lower-case letters, digits and hyphens, at most 40',
      });
    }
    output = makeOutput(at, options, at.env);
    return {
      options,
      output,
      env: at.env,
      signal: at.signal,
      namespace: options.namespace ?? (await namespaceOf(options)) ?? 'default',
      now: () => at.now(),
      client() {
        connected ??= at.connect(options).catch((error: unknown) => {
          // A daemon that is started meanwhile may be connected to later.
          connected = undefined;
          throw error;
        });
        return connected;
      },
    };
  };
  try {
    let code = 0;
    const program = buildProgram(at, async (command, run) => {
      code = (await run(await contextOf(command))) ?? 0;
    });
    await program.parseAsync(args, { from: 'user' });
    return at.signal.aborted && code === 0 ? interrupted : code;
  } catch (error) {
    if (at.signal.aborted) return interrupted;
    return await reportError(error, output);
  } finally {
    await connected?.then(
      (client) => client.close(),
      () => {},
    );
  }
}

/** That of the kubeconfig's context, where one was named. */
async function namespaceOf(options: GlobalOptions): Promise<string | undefined> {
  if (options.kubeconfig === undefined && options.context === undefined) return undefined;
  const { contextNamespace } = await import('../client/context-namespace.js');
  return contextNamespace(options);
}
