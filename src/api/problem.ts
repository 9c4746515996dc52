/** A problem of a value at a path of its document, before it is known where in the file that is. */
export interface Problem {
  severity: 'error' | 'warning';
  code: string;
  message: string;
  hint?: string;
  path: readonly (string | number)[];
  /** The key below `path` that is not there. */
  missing?: string;
  /** The value is none of the few that there are. */
  isNoChoice?: boolean;
  /** Point at the key instead of the value. */
  atKey?: boolean;
}

export const fieldPath = (path: Problem['path']): string =>
  path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');
