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
  type YAMLMap,
} from 'yaml';
import { AppError } from '../app-error.js';
import { stableJson } from '../stable-json.js';
import type { Path } from './located-documents.js';

/**
 * The text with one whole number set, and not a byte else changed: the value is replaced where it stands, or its key is put before its first
 * sibling. Throws NotEditable for values that are shared by an anchor or alias, and for places it cannot write to.
 */
export function spliceNumber(text: string, documentIndex: number, path: Path, value: number): string {
  const document = parse(text)[documentIndex];
  if (!document) throw refuse(path, 'its document is not in the file any more');
  const parent = nodeAt(document, path.slice(0, -1));
  const key = String(path.at(-1));
  if (!isMap(parent)) throw refuse(path, 'there is no map to write it to');
  const pair = parent.items.find((each) => isScalar(each.key) && each.key.value === key);
  const edited = pair
    ? replace(text, path, pair.value as Node | null, value)
    : insert(text, path, parent, key, value);
  check(document, edited, documentIndex, path, value);
  return edited;
}

const parse = (text: string): Document[] => {
  const options = { lineCounter: new LineCounter(), merge: true, keepSourceTokens: true } as const;
  const parsed = parseAllDocuments(text, options);
  return 'empty' in parsed ? [] : parsed;
};

/** Follows the path through maps and lists, never through an alias: what stands behind one is shared. */
function nodeAt(document: Document, path: Path): Node | null {
  let node = document.contents as Node | null;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((each) => isScalar(each.key) && each.key.value === step);
      node = (pair?.value as Node | null | undefined) ?? null;
    } else if (isSeq(node)) node = (node.items[Number(step)] as Node | undefined) ?? null;
    if (isAlias(node)) throw refuse(path, `it is reached through the alias *${node.source}`);
    const anchor = (node as { anchor?: string } | null)?.anchor;
    if (anchor) throw refuse(path, `it stands in what the anchor &${anchor} shares`);
  }
  return node;
}

function replace(text: string, path: Path, node: Node | null, value: number): string {
  if (isAlias(node)) throw refuse(path, `its value is the alias *${node.source}`);
  if (!isScalar(node) || !node.range || node.range[0] === node.range[1])
    throw refuse(path, 'it has no plain value');
  if (node.anchor) throw refuse(path, `its value is shared by the anchor &${node.anchor}`);
  return text.slice(0, node.range[0]) + String(value) + text.slice(node.range[1]);
}

function insert(text: string, path: Path, parent: YAMLMap, key: string, value: number): string {
  const first = parent.items[0]?.key as Scalar | undefined;
  if (!first?.range) throw refuse(path, 'its map is empty');
  const at = first.range[0];
  if (parent.flow) return `${text.slice(0, at)}${key}: ${value}, ${text.slice(at)}`;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.slice(0, at).endsWith('\r\n') || /\r\n/.test(text) ? '\r\n' : '\n';
  return `${text.slice(0, at)}${key}: ${value}${newline}${' '.repeat(at - lineStart)}${text.slice(at)}`;
}

/** Parses again: the wanted value is there, and everything else is what it was. */
function check(before: Document, edited: string, documentIndex: number, path: Path, value: number): void {
  const after = parse(edited)[documentIndex];
  if (!after || after.errors.length > 0) throw refuse(path, 'the edited file would not be YAML any more');
  const wanted = structuredClone(before.toJS() as object) as Record<string | number, unknown>;
  let at = wanted;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  at[path.at(-1) ?? ''] = value;
  if (stableJson(after.toJS()) !== stableJson(wanted))
    throw refuse(path, 'the edit would change something else as well');
}

const refuse = (path: Path, why: string): AppError =>
  new AppError('NotEditable', `${path.join('.')} cannot be edited in place: ${why}`, {
    hint: 'edit the file by hand',
  });
