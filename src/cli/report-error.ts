import { CommanderError } from 'commander';
import type { Diagnostic } from '../api/diagnostic.js';
import { isAppError, messageOf } from '../lib/app-error.js';
import { errorCodes } from '../lib/error-codes.js';
import type { Output } from './output.js';

/** Says on stderr what went wrong, `error CODE: message` and a hint, and returns the exit code. Diagnostics are printed whole. */
export async function reportError(error: unknown, output: Output): Promise<number> {
  const { bad, bold } = output.stderr;
  const say = (code: string, message: string, hint: string | undefined) => {
    output.progress(`${bad(`error ${code}:`)} ${message}`);
    if (hint) output.progress(`${bold('hint:')} ${hint}`);
  };
  if (error instanceof CommanderError) {
    // Help and version that were asked for are printed by commander itself.
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help') return errorCodes.Usage.exit;
    const [first = '', ...more] = error.message.replace(/^error: /, '').split('\n');
    const suggestion = /\((.*)\)/.exec(more.join(' '))?.[1];
    say(
      'Usage',
      first,
      suggestion ?? '`minithena --help` lists the commands, `minithena COMMAND --help` their options',
    );
    return errorCodes.Usage.exit;
  }
  if (isAppError(error)) {
    const diagnostics = error.details.diagnostics;
    if (Array.isArray(diagnostics) && diagnostics.length > 0) {
      const { formatDiagnostic } = await import('../api/format-diagnostic.js');
      for (const each of diagnostics as Diagnostic[]) output.progress(formatDiagnostic(each));
    }
    say(error.code, error.message, error.hint);
    return errorCodes[error.code].exit;
  }
  say('Internal', messageOf(error), 'this is a fault of minithena; MINITHENA_DEBUG=1 prints where');
  if (process.env.MINITHENA_DEBUG && error instanceof Error) output.progress(error.stack ?? '');
  return errorCodes.Internal.exit;
}
