/** One problem found in a file. Positions count from 1. `pointer` is the source line and a line with ^^^ under the offending text. */
export interface Diagnostic {
  severity: 'error' | 'warning';
  /** Stable code, e.g. UnknownField, V4, WrongType, YamlSyntax, NotActedOn, FileMissing, DuplicateName. */
  code: string;
  message: string;
  /** One thing to do next, e.g. "did you mean `replicas`?" */
  hint?: string;
  file: string;
  line: number;
  column: number;
  /** spec.template.roles[0].entryTemplate…, '' when the problem has no field. */
  fieldPath: string;
  pointer: string;
}
