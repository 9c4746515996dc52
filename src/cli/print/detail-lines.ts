import stringWidth from 'string-width';

/** A line of `describe`: a label with a value, or with lines under it. Values that are undefined are left out. */
export type Detail = readonly [label: string, value: string | number | undefined | readonly string[]];

/** Labels with their values in one column, as kubectl describes things; lines under a label are indented by two. */
export function detailLines(details: readonly Detail[]): string[] {
  const shown = details.filter(([, value]) => value !== undefined);
  const width =
    Math.max(0, ...shown.filter(([, value]) => !Array.isArray(value)).map(([label]) => stringWidth(label))) +
    3;
  return shown.flatMap(([label, value]) => {
    if (Array.isArray(value))
      return value.length === 0
        ? [`${label}:  <none>`]
        : [`${label}:`, ...indent(value as readonly string[])];
    return [`${label}:${' '.repeat(Math.max(1, width - stringWidth(label) - 1))}${value as string | number}`];
  });
}

export const indent = (lines: readonly string[], by = 2): string[] =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
