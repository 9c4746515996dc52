/** A regular expression as somebody types it. Case counts as soon as the text has a capital. */
export interface LogPattern {
  readonly text: string;
  readonly expression: RegExp;
  readonly ignoresCase: boolean;
}

/** The pattern, or what is wrong with the text. */
export function logPattern(text: string): LogPattern | { readonly problem: string } {
  try {
    // With the flags i and u V8 has no way out of endless backtracking: see bound-backtracking.
    const needsUnicode = /\\[pPu]\{/.test(text);
    const ignoresCase = !/\p{Lu}/u.test(text.replace(/\\./g, ''));
    return { text, expression: new RegExp(text, needsUnicode ? 'gu' : 'g'), ignoresCase };
  } catch (error) {
    // "Invalid regular expression: /(/g: Unterminated group": the end is what one needs.
    const [, problem = String(error)] = /\/\w*: (.*)$/s.exec((error as Error).message) ?? [];
    return { problem };
  }
}

export const matches = (pattern: LogPattern, line: string): boolean =>
  subjectOf(pattern, line).search(pattern.expression) >= 0;

/** A line's parts, in turn what does not match and what does. */
export function partsOf(pattern: LogPattern, line: string): { text: string; isMatch: boolean }[] {
  const parts: { text: string; isMatch: boolean }[] = [];
  let from = 0;
  for (const found of subjectOf(pattern, line).matchAll(pattern.expression)) {
    const begin = wholeCharacter(line, found.index);
    const end = wholeCharacter(line, found.index + found[0].length);
    if (begin >= end || begin < from) continue;
    parts.push(
      { text: line.slice(from, begin), isMatch: false },
      { text: line.slice(begin, end), isMatch: true },
    );
    from = end;
  }
  return [...parts, { text: line.slice(from), isMatch: false }];
}

/** What the expression is held against: of the same length as the line. */
function subjectOf({ ignoresCase }: LogPattern, line: string): string {
  if (!ignoresCase) return line;
  const lower = line.toLowerCase();
  return lower.length === line.length ? lower : line;
}

/** The end of the character that an index is within. */
const wholeCharacter = (line: string, index: number): number =>
  /[\udc00-\udfff]/.test(line.charAt(index)) && /[\ud800-\udbff]/.test(line.charAt(index - 1))
    ? index + 1
    : index;
