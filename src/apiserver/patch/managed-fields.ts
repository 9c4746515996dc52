import { isMap, mergeKeyOf } from './merge-key.js';

/** Which fields somebody has set, in the form of Kubernetes' FieldsV1. */
export interface FieldSet {
  readonly [step: string]: FieldSet;
}

/** What a manager applied last. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply';
  readonly apiVersion: string;
  readonly time: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldSet;
}

/** The fields that a configuration sets. Lists without a key are one field. Pure. */
export function fieldsOf(value: unknown): FieldSet {
  if (!isMap(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      `f:${key}`,
      Array.isArray(each) ? fieldsOfItems(key, each) : fieldsOf(each),
    ]),
  );
}

function fieldsOfItems(field: string, items: readonly unknown[]): FieldSet {
  const key = mergeKeyOf(field, items);
  if (key === undefined || !items.every(isMap)) return {};
  return Object.fromEntries(items.map((item) => [stepOf(key, item), { '.': {}, ...fieldsOf(item) }]));
}

const stepOf = (key: string, item: Readonly<Record<string, unknown>>): string =>
  `k:${JSON.stringify({ [key]: item[key] })}`;

/** The value without what is in `going` and not in `staying`. Maps that become empty by it go too. Pure. */
export function withoutFields(value: unknown, going: FieldSet, staying: readonly FieldSet[]): unknown {
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
      const step = `f:${key}`;
      const gone = going[step];
      if (gone === undefined) return [[key, each]];
      const kept = staying.flatMap((set) => set[step] ?? []);
      const isLeaf = Object.keys(gone).length === 0;
      if (isLeaf) return kept.length > 0 ? [[key, each]] : [];
      const left = Array.isArray(each) ? itemsLeft(key, each, gone, kept) : withoutFields(each, gone, kept);
      const isEmpty = Array.isArray(left) ? left.length === 0 : isMap(left) && Object.keys(left).length === 0;
      return isEmpty && kept.length === 0 ? [] : [[key, left]];
    }),
  );
}

function itemsLeft(
  field: string,
  items: readonly unknown[],
  going: FieldSet,
  staying: readonly FieldSet[],
): unknown[] {
  const key = mergeKeyOf(field, items);
  return items.flatMap((item) => {
    if (key === undefined || !isMap(item)) return [item];
    const step = stepOf(key, item);
    const gone = going[step];
    if (gone === undefined) return [item];
    const kept = staying.flatMap((set) => set[step] ?? []);
    // What was put there whole goes whole, unless somebody sets something in it.
    return kept.length === 0 ? [] : [withoutFields(item, gone, kept)];
  });
}
