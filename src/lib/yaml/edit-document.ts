import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
} from 'yaml';
import type { Change } from '../changes-between.js';
import { stableJson } from '../stable-json.js';
import { replacedItem, withItem, withoutItem } from './edit-list.js';
import { replacedPair, withoutPair, withPair } from './edit-map.js';
import type { Path } from './located-documents.js';
import { inline, isEmpty, refuse, replaced } from './text-place.js';

/**
 * The text with these changes in one of its documents, made one after the other, and everything else as it stood: each value, or the lines
 * of its key or item, are replaced alone, so that comments, order and quotes of the rest stay. Throws NotEditable for what an anchor or
 * alias shares.
 */
export function editDocument(text: string, documentIndex: number, changes: readonly Change[]): string {
  let edited = text;
  for (const change of changes) {
    const document = parse(edited)[documentIndex];
    if (!document) throw refuse(change.path, 'its document is not in the file any more');
    const wanted = changed(document.toJS(), change);
    edited = spliced(edited, document, change);
    check(edited, documentIndex, change.path, wanted);
  }
  return edited;
}

const parse = (text: string): Document[] => {
  const options = { lineCounter: new LineCounter(), merge: true, keepSourceTokens: true } as const;
  const parsed = parseAllDocuments(text, options);
  return 'empty' in parsed ? [] : parsed;
};

function spliced(text: string, document: Document, { path, value, inserted }: Change): string {
  const place = { text, path };
  // As much of the path as the document has: what is missing is written with its parents.
  let node = document.contents as Node | null;
  for (let depth = 0; ; depth++) {
    refuseShared(path, node);
    const step = path[depth];
    const isLast = depth === path.length - 1;
    if (isSeq(node)) {
      const at = Number(step);
      if (isLast && inserted) return withItem(place, node, at, value);
      const item = node.items[at] as Node | undefined;
      if (!item) throw refuse(path, 'there is no such item');
      if (!isLast) {
        node = item;
        continue;
      }
      refuseShared(path, item);
      if (value === undefined) return withoutItem(place, node, at);
      return isLine(item, value) ? withScalar(place, item, value) : replacedItem(place, node, at, value);
    }
    if (!isMap(node)) throw refuse(path, 'there is no map to write it to');
    const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(step));
    const child = (pair?.value ?? null) as Node | null;
    if (pair && !isLast && !isEmpty(child)) {
      node = child;
      continue;
    }
    const rest = path.slice(depth + 1).reduceRight<unknown>((of, key) => ({ [key]: of }), value);
    if (!pair) return value === undefined ? text : withPair(place, node, String(step), rest);
    refuseShared(path, child);
    if (value === undefined) return withoutPair(place, node, pair);
    return isLast && isLine(child, value)
      ? withScalar(place, child, value)
      : replacedPair(place, node, pair, [String(step), rest]);
  }
}

function refuseShared(path: Path, node: Node | null): void {
  if (isAlias(node)) throw refuse(path, `it is the alias *${node.source}, or reached through it`);
  if ((node as { anchor?: string } | null)?.anchor) throw refuse(path, 'it stands in what an anchor shares');
}

/** What stands on a line shall stay on it, with what follows there. */
const isLine = (node: Node | null, value: unknown): node is Scalar =>
  isScalar(node) &&
  !isEmpty(node) &&
  node.type !== 'BLOCK_LITERAL' &&
  node.type !== 'BLOCK_FOLDED' &&
  (typeof value !== 'object' || value === null) &&
  !String(value).includes('\n');

function withScalar({ text, path }: { text: string; path: Path }, { range }: Scalar, value: unknown): string {
  if (!range) throw refuse(path, 'its place is not known');
  return replaced(text, range[0], range[1], inline(text, value));
}

function changed(value: unknown, { path, value: to, inserted }: Change): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return to;
  // What is not there cannot be taken away.
  if (to === undefined && (value as Record<string, unknown> | null)?.[step] === undefined) return value;
  const deeper = (of: unknown) => changed(of, { path: rest, value: to, ...(inserted && { inserted }) });
  const isGone = rest.length === 0 && to === undefined;
  if (Array.isArray(value)) {
    const at = Number(step);
    if (rest.length > 0) return value.with(at, deeper(value[at]));
    return value.toSpliced(at, inserted ? 0 : 1, ...(isGone ? [] : [to]));
  }
  const map = { ...(value as Record<string, unknown> | null) };
  if (isGone) delete map[step];
  else map[step] = deeper(map[step]);
  return map;
}

/** Parses again: what is wanted is there, and everything else is what it was. */
function check(edited: string, documentIndex: number, path: Path, wanted: unknown): void {
  const after = parse(edited)[documentIndex];
  if (!after || after.errors.length > 0) throw refuse(path, 'the edited file would not be YAML any more');
  if (stableJson(after.toJS()) !== stableJson(wanted))
    throw refuse(path, 'the edit would change something else as well');
}
