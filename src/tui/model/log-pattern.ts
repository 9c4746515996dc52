/** A regular expression as somebody types it. Case counts as soon as the text has a capital. */
export interface LogPattern {
  readonly text: string;
  readonly expression: RegExp;
}

/** The pattern, or what is wrong with the text. */
export function logPattern(text: string): LogPattern | { readonly problem: string } {
  try {
    const flags = /\p{Lu}/u.test(text.replace(/\\./g, '')) ? 'gu' : 'giu';
    return { text, expression: new RegExp(text, flags) };
  } catch (error) {
    // "Invalid regular expression: /(/giu: Unterminated group": the end is what one needs.
    const [, problem = String(error)] = /\/\w*: (.*)$/s.exec((error as Error).message) ?? [];
    return { problem };
  }
}

export const matches = ({ expression }: LogPattern, line: string): boolean => line.search(expression) >= 0;

/** A line's parts, in turn what does not match and what does. */
export function partsOf({ expression }: LogPattern, line: string): { text: string; isMatch: boolean }[] {
  const parts: { text: string; isMatch: boolean }[] = [];
  let from = 0;
  for (const found of line.matchAll(expression)) {
    if (found[0] === '') continue;
    parts.push({ text: line.slice(from, found.index), isMatch: false }, { text: found[0], isMatch: true });
    from = found.index + found[0].length;
  }
  return [...parts, { text: line.slice(from), isMatch: false }];
}
