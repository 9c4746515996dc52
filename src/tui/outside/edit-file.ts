import { readFileSync } from 'node:fs';
import { AppError } from '../../lib/app-error.js';
import { editorCommand, lineOfServing } from './editor-command.js';
import { runOnTerminal } from './run-program.js';

/** Opens the file of a ModelServing in the reader's editor, and resolves when that has ended. Throws Usage when there is no editor or no file. */
export async function editFile(wanted: {
  readonly file: string;
  readonly namespace: string;
  readonly name: string;
  readonly role: string | undefined;
}): Promise<void> {
  const editor = process.env.VISUAL || process.env.EDITOR || 'vi';
  let text: string;
  try {
    text = readFileSync(wanted.file, 'utf8');
  } catch (error) {
    throw new AppError('Usage', `${wanted.file} cannot be read: ${(error as Error).message}`, {
      hint: 'the file must be on this machine',
    });
  }
  await runOnTerminal(editorCommand(editor, wanted.file, lineOfServing(text, wanted)));
}
