/**
 * Kubernetes' `$(VAR)` expansion: known names are replaced, unknown ones stay literally, `$$` becomes `$` and so escapes `$$(VAR)`.
 * Not recursive. Pure.
 */
export const expandVariables = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replace(/\$\$|\$\(([^()]*)\)/g, (whole, name: string | undefined) =>
    whole === '$$' ? '$' : (values.get(name ?? '') ?? whole),
  );
