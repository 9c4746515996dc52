import type { Diagnostic } from '../api/diagnostic.js';
import { isAppError, messageOf } from '../lib/app-error.js';
import { type ErrorCode, errorCodes } from '../lib/error-codes.js';
import { causeReason } from './cause-reason.js';
import type { ErrorSubject } from './error-subject.js';

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

/** An error as Kubernetes' Status, with our code, hint and details for our own client; `subject` is what the request was about. */
export function errorStatus(
  error: unknown,
  subject?: ErrorSubject,
): {
  status: number;
  body: { details: { retryAfterSeconds?: number } & Record<string, unknown> } & Record<string, unknown>;
} {
  const code: ErrorCode = isAppError(error) ? error.code : 'Internal';
  const status = errorCodes[code].http;
  const { hint, details } = isAppError(error) ? error : {};
  const message = messageOf(error);
  const given = details?.status as StatusDetails | undefined;
  const told = headed(code, hint === undefined ? message : `${message} (${hint})`, subject, given);
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
        ...(subject && namesSubject.has(status) && subjectDetails(status, subject, given)),
        ...(status === 422 && { causes: causesOf(code, told, details?.diagnostics) }),
        ...given,
        minithena: { code, message, ...(hint !== undefined && { hint }), details: details ?? {} },
      },
      code: status,
    },
  };
}

interface StatusDetails {
  readonly name?: string;
  readonly kind?: string;
  readonly causes?: readonly object[];
  readonly retryAfterSeconds?: number;
}

/** What a real server names the object in. */
const namesSubject: ReadonlySet<number> = new Set([403, 404, 409, 422]);

/** A kind of what is invalid, a resource of all else. What the error says itself counts more. */
const subjectDetails = (status: number, { facts, name }: ErrorSubject, given?: StatusDetails): object => ({
  ...(name !== undefined && { name }),
  ...(facts.group !== '' && given?.kind === undefined && { group: facts.group }),
  kind: status === 422 ? facts.kind : facts.resource,
});

/** The message with what it is about at its head, where a real server has that and the error has not. */
function headed(code: ErrorCode, text: string, subject?: ErrorSubject, given?: StatusDetails): string {
  if (!subject || given?.kind !== undefined) return text;
  const { resource, kind, group } = subject.facts;
  const name = JSON.stringify(subject.name ?? given?.name ?? '');
  const named = (what: string) => `${what}${group === '' ? '' : `.${group}`} ${name}`;
  if (code === 'Conflict') return `Operation cannot be fulfilled on ${named(resource)}: ${text}`;
  return code === 'SpecInvalid' && given?.causes?.length !== 0 ? `${named(kind)} is invalid: ${text}` : text;
}

/** Of what is invalid, kubectl prints nothing but the causes. */
function causesOf(code: ErrorCode, told: string, diagnostics: unknown): object[] {
  const all = (Array.isArray(diagnostics) ? diagnostics : []) as Diagnostic[];
  const errors = all.filter(({ severity }) => severity === 'error');
  return errors.length > 0 ? errors.map(causeOf) : [{ reason: code, message: told, field: 'spec' }];
}

/** A problem of a file as kubectl prints it, one line each. */
const causeOf = ({ file, line, column, code, message, fieldPath }: Diagnostic): object => ({
  reason: causeReason({ code, message }),
  message: `${file}:${line}:${column}: ${message}`,
  field: fieldPath,
});
