import { naturalOrder } from '../lib/natural-order.js';

interface Named {
  readonly namespace: string;
  readonly name: string;
}

export const keyOf = ({ namespace, name }: Named): string => `${namespace}/${name}`;

/** The order of lists: by namespace, then name, with numbers as numbers. Total: only equal keys compare as equal. */
export const compareKeys = naturalOrder;

export const compareObjects = (a: { metadata: Named }, b: { metadata: Named }): number =>
  compareKeys(keyOf(a.metadata), keyOf(b.metadata));
