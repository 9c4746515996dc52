interface Named {
  readonly namespace: string;
  readonly name: string;
}

const collator = new Intl.Collator('en', { numeric: true });

export const keyOf = ({ namespace, name }: Named): string => `${namespace}/${name}`;

/** The order of lists: by namespace, then name, with numbers as numbers. Total: only equal keys compare as equal. */
export const compareKeys = (a: string, b: string): number =>
  collator.compare(a, b) || (a < b ? -1 : Number(a > b));

export const compareObjects = (a: { metadata: Named }, b: { metadata: Named }): number =>
  compareKeys(keyOf(a.metadata), keyOf(b.metadata));
