import { readFileSync } from 'node:fs';
import { AppError } from '../../lib/app-error.js';
import { editorCommand, lineOfServing } from './editor-command.js';
import { runOnTerminal } from './run-program.js';

/** Opens the file of a ModelServing in the reader's editor, and resolves with its command line when it has ended. Throws Usage when there is no file. */
export async function editFile(wanted: {
  readonly file: string;
  readonly namespace: string;
  readonly name: string;
  readonly role: string | undefined;
  readonly container: string | undefined;
}): Promise<string> {
  const editor = process.env.VISUAL || process.env.EDITOR || 'vi';
  let text: string;
  try {
    text = readFileSync(wanted.file, 'utf8');
  } catch (error) {
    throw new AppError('Usage', `${wanted.file} cannot be read: ${(error as Error).message}`, {
      hint: 'the file must be on this machine',
    });
  }
  const words = editorCommand(editor, wanted.file, lineOfServing(text, wanted));
  await runOnTerminal(words);
  return words.join(' ');
}
