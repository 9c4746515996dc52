import { type ErrorCode, errorCodes } from './error-codes.js';

/** The one error of the program. `message` says what happened, with values; `hint` says one thing to do next. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }

  get facts(): (typeof errorCodes)[ErrorCode] {
    return errorCodes[this.code];
  }
}

export const isAppError = (error: unknown, code?: ErrorCode): error is AppError =>
  error instanceof AppError && (code === undefined || error.code === code);

/** The words of any thrown thing, for messages and logs. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
