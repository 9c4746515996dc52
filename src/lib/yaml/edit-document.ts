import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  stringify,
  type YAMLMap,
} from 'yaml';
import { AppError } from '../app-error.js';
import type { Change } from '../changes-between.js';
import { stableJson } from '../stable-json.js';
import type { Path } from './located-documents.js';

/**
 * The text with these changes in one of its documents, and everything else as it stood: each value, or the lines of its key, are replaced
 * alone, so that comments, order and quotes of the rest stay. Throws NotEditable for what an anchor or alias shares.
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

function spliced(text: string, document: Document, { path, value }: Change): string {
  // As much of the path as the document has: what is missing is written with its parents.
  let node = document.contents as Node | null;
  for (let depth = 0; ; depth++) {
    if (isAlias(node)) throw refuse(path, `it is reached through the alias *${node.source}`);
    if ((node as { anchor?: string } | null)?.anchor)
      throw refuse(path, 'it stands in what an anchor shares');
    const step = path[depth];
    const isLast = depth === path.length - 1;
    if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      if (!item) throw refuse(path, 'there is no such item');
      if (isLast) return withScalar(text, path, item, value);
      node = item;
    } else if (isMap(node)) {
      const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(step));
      const child = (pair?.value ?? null) as Node | null;
      if (pair && !isLast && !isEmpty(child)) {
        node = child;
        continue;
      }
      const rest = path.slice(depth + 1).reduceRight<unknown>((of, key) => ({ [key]: of }), value);
      if (!pair) return value === undefined ? text : withPair(text, path, node, String(step), rest);
      if (value === undefined) return withoutPair(text, path, node, pair);
      if (isLast && isScalar(child) && isPlain(value) && !isEmpty(child))
        return withScalar(text, path, child, value);
      return replacedPair(text, path, node, pair, String(step), rest);
    } else throw refuse(path, 'there is no map to write it to');
  }
}

const isEmpty = (node: Node | null): boolean =>
  node === null || (isScalar(node) && (!node.range || node.range[0] === node.range[1]));
const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

function withScalar(text: string, path: Path, node: Node, value: unknown): string {
  if (isAlias(node)) throw refuse(path, `its value is the alias *${node.source}`);
  if (!isScalar(node) || !node.range || !isPlain(value) || node.anchor)
    throw refuse(path, 'it has no plain value of its own');
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  if (isBlock || /\n/.test(String(value))) throw refuse(path, 'it is a text of several lines');
  return text.slice(0, node.range[0]) + inline(value) + text.slice(node.range[1]);
}

/** A value on one line; quoted like kubectl's where the older YAML of Kubernetes' tools would read something else. */
const inline = (value: unknown): string =>
  stringify(value, { version: '1.1', lineWidth: 0, collectionStyle: 'flow' }).trimEnd();

/** Put after the last of its siblings, so that comments above the first stay there. */
function withPair(text: string, path: Path, parent: YAMLMap, key: string, value: unknown): string {
  const last = parent.items.at(-1);
  if (!last) {
    if (!parent.range) throw refuse(path, 'its map is empty');
    return text.slice(0, parent.range[0]) + inline({ [key]: value }) + text.slice(parent.range[1]);
  }
  const end = endOf(text, path, last);
  if (parent.flow) return `${text.slice(0, end)}, ${inline({ [key]: value }).slice(2, -2)}${text.slice(end)}`;
  const newline = newlineOf(text);
  const lineEnd = endOfLine(text, end);
  const lines = block(key, value, columnOf(text, path, last), newline);
  const before = text.slice(0, lineEnd);
  return `${before}${before.endsWith('\n') ? '' : newline}${lines}${text.slice(lineEnd)}`;
}

function replacedPair(
  text: string,
  path: Path,
  parent: YAMLMap,
  pair: Pair,
  key: string,
  value: unknown,
): string {
  const start = startOf(path, pair);
  const end = endOf(text, path, pair);
  if (parent.flow) return text.slice(0, start) + inline({ [key]: value }).slice(2, -2) + text.slice(end);
  const lines = block(key, value, columnOf(text, path, pair), newlineOf(text)).trimStart();
  return text.slice(0, start) + lines.replace(/\r?\n$/, '') + text.slice(end);
}

function withoutPair(text: string, path: Path, parent: YAMLMap, pair: Pair): string {
  const start = startOf(path, pair);
  const end = endOf(text, path, pair);
  // A map with nothing in it would read as no value at all.
  if (parent.items.length === 1 && parent.range)
    return `${text.slice(0, parent.range[0])}{}${text.slice(end)}`;
  if (parent.flow) {
    const rest = /^\s*,\s*/.exec(text.slice(end));
    if (rest) return text.slice(0, start) + text.slice(end + rest[0].length);
    return text.slice(0, start).replace(/\s*,\s*$/, '') + text.slice(end);
  }
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = endOfLine(text, end);
  // The first key of a list's item shares its line with the hyphen.
  if (text.slice(lineStart, start).trim() === '') return text.slice(0, lineStart) + text.slice(lineEnd);
  const next = parent.items[1];
  return text.slice(0, start) + text.slice(next ? startOf(path, next) : lineEnd);
}

function block(key: string, value: unknown, column: number, newline: string): string {
  const options = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;
  return stringify({ [key]: value }, options)
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(column) + line))
    .join(newline)
    .concat(newline);
}

const newlineOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
const endOfLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
};

function startOf(path: Path, { key }: Pair): number {
  const { range } = key as Node;
  if (!range) throw refuse(path, 'its place is not known');
  return range[0];
}

/** Where the text of a pair ends, without the comments and empty lines that follow. */
function endOf(text: string, path: Path, { key, value }: Pair): number {
  const range = lastRange(value as Node | null) ?? (key as Node).range;
  if (!range) throw refuse(path, 'its place is not known');
  const end = range[1];
  const whole = text.slice(0, end).trimEnd();
  // A key without a value ends with its colon.
  const colon = isEmpty(value as Node | null) ? (/^\s*:/.exec(text.slice(whole.length))?.[0] ?? '') : '';
  return whole.length + colon.length;
}

/** The range of the last thing in a node: that of a block would take in what only follows it. */
function lastRange(node: Node | null): Node['range'] {
  if (isMap(node) && !node.flow && node.items.length > 0) {
    const last = node.items.at(-1) as Pair;
    return lastRange(last.value as Node | null) ?? (last.key as Node).range;
  }
  if (isSeq(node) && !node.flow && node.items.length > 0) return lastRange(node.items.at(-1) as Node);
  return node?.range;
}

function columnOf(text: string, path: Path, pair: Pair): number {
  const start = startOf(path, pair);
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

function changed(value: unknown, { path, value: to }: Change): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return to;
  // What is not there cannot be taken away.
  if (to === undefined && (value as Record<string, unknown> | null)?.[step] === undefined) return value;
  if (Array.isArray(value))
    return value.map((each, at) => (at === Number(step) ? changed(each, { path: rest, value: to }) : each));
  const map = { ...(value as Record<string, unknown> | null) };
  if (rest.length === 0 && to === undefined) delete map[step];
  else map[step] = changed(map[step], { path: rest, value: to });
  return map;
}

/** Parses again: what is wanted is there, and everything else is what it was. */
function check(edited: string, documentIndex: number, path: Path, wanted: unknown): void {
  const after = parse(edited)[documentIndex];
  if (!after || after.errors.length > 0) throw refuse(path, 'the edited file would not be YAML any more');
  if (stableJson(after.toJS()) !== stableJson(wanted))
    throw refuse(path, 'the edit would change something else as well');
}

const refuse = (path: Path, why: string): AppError =>
  new AppError('NotEditable', `${path.join('.')} cannot be edited in place: ${why}`, {
    hint: 'edit the file by hand',
  });
