import { AppError } from '../lib/app-error.js';

/** No kind nests nearly as deep; what does would exhaust the stack of whoever walks through it. */
const deepest = 300;

/** Throws Usage for what is nested too deeply, or contains itself. */
export function refuseDepth(value: unknown, left = deepest): void {
  if (typeof value !== 'object' || value === null) return;
  if (left === 0)
    throw new AppError('Usage', `the request body is nested more than ${deepest} levels deep`, {
      hint: 'send an object of its kind, or a patch of one',
    });
  for (const each of Object.values(value)) refuseDepth(each, left - 1);
}
