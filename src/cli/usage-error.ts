import { AppError } from '../lib/app-error.js';

/** A command line that cannot be meant; exit code 64. */
export const usageError = (message: string, hint?: string): AppError =>
  new AppError('Usage', message, hint === undefined ? {} : { hint });
