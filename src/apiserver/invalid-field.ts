import { AppError } from '../lib/app-error.js';

export type FieldReason =
  | 'FieldValueInvalid'
  | 'FieldValueRequired'
  | 'FieldValueForbidden'
  | 'FieldValueNotSupported'
  | 'FieldValueTooLong';

/** One field of a written object that is wrong, as a Status names it; `name` is the object's where the path does not say it. */
export const invalidField = (
  field: string,
  message: string,
  more: { reason?: FieldReason; name?: unknown; hint?: string } = {},
): AppError =>
  new AppError('SpecInvalid', `${field}: ${message}`, {
    ...(more.hint !== undefined && { hint: more.hint }),
    details: {
      status: {
        ...(typeof more.name === 'string' && { name: more.name }),
        causes: [{ reason: more.reason ?? 'FieldValueInvalid', message, field }],
      },
    },
  });
