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
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Gone',
  422: 'SpecInvalid',
  429: 'TooManyRequests',
};

const hints: Readonly<Record<number, string>> = {
  401: 'log in anew: the token or certificate of the kubeconfig is not valid there',
  403: '`kubectl auth can-i --list` says what your user may do in that cluster',
};

/** The error that our server threw, whole; one of another server (a real cluster) by its status. */
export function toldError(status: number, text: string): AppError {
  const told = statusIn(text);
  const own = told?.details?.minithena;
  if (own && own.code in errorCodes) {
    const { code, message, hint, details } = own;
    return new AppError(code, message, { ...(hint !== undefined && { hint }), details: details ?? {} });
  }
  const hint = hints[status];
  const message = told?.message ?? (text || `status ${status}`);
  return new AppError(codes[status] ?? 'Failed', message, { ...(hint !== undefined && { hint }) });
}

function statusIn(text: string): { message?: string; details?: { minithena?: Told } } | undefined {
  try {
    return JSON.parse(text) as ReturnType<typeof statusIn>;
  } catch {
    // Not a Status: the text itself is the message.
    return undefined;
  }
}
