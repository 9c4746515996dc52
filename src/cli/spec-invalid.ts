import { AppError } from '../lib/app-error.js';

/** The file says something else than what is in force, and that does not validate; `message` is where and why. */
export const specInvalid = (subject: string, message: string): AppError =>
  new AppError('SpecInvalid', `${subject}: ${message}`, {
    hint: 'the spec before it stays in force until the file is put right',
  });
