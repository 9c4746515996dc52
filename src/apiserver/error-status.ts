import type { Diagnostic } from '../api/diagnostic.js';
import { isAppError, messageOf } from '../lib/app-error.js';
import { type ErrorCode, errorCodes } from '../lib/error-codes.js';

const reasons: Partial<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** An error as Kubernetes' Status, with our code, hint and details for our own client. */
export function errorStatus(error: unknown): {
  status: number;
  body: { details: { retryAfterSeconds?: number } & Record<string, unknown> } & Record<string, unknown>;
} {
  const code: ErrorCode = isAppError(error) ? error.code : 'Internal';
  const status = errorCodes[code].http;
  const { hint, details } = isAppError(error) ? error : {};
  const message = messageOf(error);
  const told = hint === undefined ? message : `${message} (${hint})`;
  return {
    status,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: { ...(typeof details?.continue === 'string' && { continue: details.continue }) },
      status: 'Failure',
      message: told,
      reason: code === 'AlreadyExists' ? code : (reasons[status] ?? 'InternalError'),
      details: {
        ...(status === 422 && { causes: causesOf(code, told, details?.diagnostics) }),
        ...(details?.status as { retryAfterSeconds?: number } | undefined),
        minithena: { code, message, ...(hint !== undefined && { hint }), details: details ?? {} },
      },
      code: status,
    },
  };
}

/** Of what is invalid, kubectl prints nothing but the causes. */
const causesOf = (code: ErrorCode, told: string, diagnostics: unknown): object[] =>
  Array.isArray(diagnostics) && diagnostics.length > 0
    ? diagnostics.map(causeOf)
    : [{ reason: code, message: told, field: 'spec' }];

/** A problem of a file as kubectl prints it, one line each. */
const causeOf = ({ file, line, column, code, message, fieldPath }: Diagnostic): object => ({
  reason: code,
  message: `${file}:${line}:${column}: ${message}`,
  field: fieldPath,
});
