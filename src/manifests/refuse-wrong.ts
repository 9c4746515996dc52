import type { Diagnostic } from '../api/diagnostic.js';
import { AppError } from '../lib/app-error.js';

/** Throws the first error among them, FileMissing or SpecInvalid, with all of them in `details.diagnostics`. */
export function refuseWrong(diagnostics: readonly Diagnostic[]): void {
  const error = diagnostics.find((each) => each.severity === 'error');
  if (!error) return;
  const isMissing = error.code === 'FileMissing';
  const where = isMissing ? error.file : `${error.file}:${error.line}:${error.column}`;
  throw new AppError(isMissing ? 'FileMissing' : 'SpecInvalid', `${where}: ${error.message}`, {
    hint: error.hint ?? 'correct the file',
    details: { diagnostics: [...diagnostics] },
  });
}
