/** As Kubernetes bounds them: headers that are too long make clients drop the whole answer. */
const mostLength = 4096;
const mostLengthOfOne = 256;

/** The values of the Warning headers that say these texts; beyond 4 KiB texts are cut, and the last ones are left out. Pure. */
export function warningHeader(texts: readonly string[]): string[] {
  const quoted = [...new Set(texts)].map(quote);
  if (lengthOf(quoted) <= mostLength) return quoted;
  const said: string[] = [];
  let length = 0;
  for (const text of new Set(texts)) {
    const next = quote(text.slice(0, mostLengthOfOne));
    length += next.length;
    if (length > mostLength) break;
    said.push(next);
  }
  return said;
}

const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, each) => sum + each.length, 0);

const quote = (text: string): string =>
  `299 - "${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`;
