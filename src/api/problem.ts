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

/** As Kubernetes writes it: `spec.roles[0].name`, and `data[a b]` where a key is no name of a field. */
export const fieldPath = (path: Problem['path']): string =>
  path
    .map((step, at) => {
      if (typeof step === 'number' || (at > 0 && !/^\w+$/.test(step))) return `[${step}]`;
      return at === 0 ? step : `.${step}`;
    })
    .join('');
