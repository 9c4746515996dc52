import { AppError } from '../lib/app-error.js';
import type { Exchange } from './exchange.js';

/** What the query of a write asks for, checked as Kubernetes checks it. */
export interface WriteOptions {
  readonly isDryRun: boolean;
  /** What becomes of fields that nobody knows. */
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  readonly fieldManager: string | undefined;
}

const kindsOf: Readonly<Record<string, string>> = { POST: 'CreateOptions', PATCH: 'PatchOptions' };
const longestManager = 128;

/** Throws SpecInvalid. Pure. */
export function readWriteOptions({
  method,
  query,
  request,
}: Pick<Exchange, 'method' | 'query' | 'request'>): WriteOptions {
  const dryRun = query.getAll('dryRun');
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  const fieldManager = query.get('fieldManager') ?? undefined;
  const isApply = (request.headers['content-type'] ?? '').startsWith('application/apply-patch');
  const causes = [
    ...(method === 'PATCH' && query.has('force') && !isApply
      ? [
          {
            reason: 'FieldValueForbidden',
            message: 'Forbidden: may not be specified for non-apply patch',
            field: 'force',
          },
        ]
      : []),
    ...dryRun
      .filter((each) => each !== 'All' && each !== '')
      .map((each) => unsupported('dryRun', each, ['All'])),
    ...(['Strict', 'Warn', 'Ignore'].includes(fieldValidation)
      ? []
      : [unsupported('fieldValidation', fieldValidation, ['Ignore', 'Strict', 'Warn'])]),
    ...(fieldManager !== undefined && fieldManager.length > longestManager
      ? [
          {
            reason: 'FieldValueTooLong',
            message: `Too long: may not be more than ${longestManager} bytes`,
            field: 'fieldManager',
          },
        ]
      : []),
  ];
  if (causes.length > 0) throw invalidOptions(kindsOf[method] ?? 'UpdateOptions', causes);
  return {
    isDryRun: dryRun.includes('All'),
    fieldValidation: fieldValidation as WriteOptions['fieldValidation'],
    fieldManager,
  };
}

interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** An option that has none of the values that it may have. */
export const unsupported = (field: string, value: string, known: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${known.map((each) => JSON.stringify(each)).join(', ')}`,
  field,
});

/** Options of a request that Kubernetes does not take. */
export function invalidOptions(kind: string, causes: readonly Cause[]): AppError {
  const told = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = told.length === 1 ? told[0] : `[${told.join(', ')}]`;
  return new AppError('SpecInvalid', `${kind}.meta.k8s.io "" is invalid: ${list}`, {
    details: { status: { group: 'meta.k8s.io', kind, causes } },
  });
}
