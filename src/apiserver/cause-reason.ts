import type { Problem } from '../api/problem.js';

const reasons: Readonly<Record<string, string>> = {
  MissingField: 'FieldValueRequired',
  DuplicateName: 'FieldValueDuplicate',
  WrongType: 'FieldValueTypeInvalid',
};

/** Why a value is wrong, as a Status names it in its causes. Pure. */
export function causeReason({
  code,
  message,
  isNoChoice,
}: Pick<Problem, 'code' | 'message' | 'isNoChoice'>): string {
  if (isNoChoice) return 'FieldValueNotSupported';
  if (message.startsWith('Required value')) return 'FieldValueRequired';
  return message.startsWith('Forbidden: ') ? 'FieldValueForbidden' : (reasons[code] ?? 'FieldValueInvalid');
}
