import type { Diagnostic } from './diagnostic.js';

/**
 * A diagnostic as text, without colour:
 *
 *     serving.yaml:7:3: error UnknownField: unknown field `replica`
 *         replica: 3
 *         ^^^^^^^
 *       field: spec.replica
 *       hint: did you mean `replicas`?
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, severity, code, message, pointer, fieldPath, hint } = diagnostic;
  return [
    `${file}:${line}:${column}: ${severity} ${code}: ${message}`,
    ...(pointer === '' ? [] : pointer.split('\n').map((each) => `    ${each}`)),
    ...(fieldPath === '' ? [] : [`  field: ${fieldPath}`]),
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
  ].join('\n');
}
