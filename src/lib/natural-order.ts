const collator = new Intl.Collator('en', { numeric: true });

/** Order of names, with numbers in them as numbers: m5 before m10. Total: only equal texts compare as equal. */
export const naturalOrder = (a: string, b: string): number =>
  collator.compare(a, b) || (a < b ? -1 : Number(a > b));
