import { AppError } from '../lib/app-error.js';
import { type ErrorCode, errorCodes } from '../lib/error-codes.js';

interface Told {
  code: ErrorCode;
  message: string;
  hint?: string;
  details?: Record<string, unknown>;
}

const codes: Readonly<Record<number, ErrorCode>> = {
  401: 'Unauthorized',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Gone',
  422: 'SpecInvalid',
};

/** The error that our server threw, whole; one of another server (a real cluster) by its status. */
export function toldError(status: number, text: string): AppError {
  const told = statusIn(text);
  const own = told?.details?.minithena;
  if (own && own.code in errorCodes) {
    const { code, message, hint, details } = own;
    return new AppError(code, message, { ...(hint !== undefined && { hint }), details: details ?? {} });
  }
  return new AppError(codes[status] ?? 'Failed', told?.message ?? (text || `status ${status}`));
}

function statusIn(text: string): { message?: string; details?: { minithena?: Told } } | undefined {
  try {
    return JSON.parse(text) as ReturnType<typeof statusIn>;
  } catch {
    // Not a Status: the text itself is the message.
    return undefined;
  }
}
