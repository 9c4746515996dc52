import { isMap, isScalar, isSeq, type Node, type Pair, stringify } from 'yaml';
import { AppError } from '../app-error.js';
import type { Path } from './located-documents.js';

/** A text in the middle of an edit, and what is edited, for the words of a refusal. */
export interface Place {
  readonly text: string;
  readonly path: Path;
}

export const refuse = (path: Path, why: string): AppError =>
  new AppError('NotEditable', `${inWords(path)} cannot be edited in place: ${why}`, {
    hint: 'edit the file by hand',
  });

const inWords = (path: Path): string =>
  path
    .map((step, at) => (/^\d+$/.test(String(step)) ? `[${step}]` : `${at === 0 ? '' : '.'}${step}`))
    .join('');

export const replaced = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to);

/** A value on one line; quoted like kubectl's where the older YAML of Kubernetes' tools would read something else. */
export function inline(text: string, value: unknown): string {
  // A file that begins like JSON stays JSON.
  if (/^\s*[{[]/.test(text) || (typeof value === 'string' && value.includes('\n')))
    return JSON.stringify(value);
  return stringify(value, { version: '1.1', lineWidth: 0, collectionStyle: 'flow' }).trimEnd();
}

/** `key: value` or a list's item on lines of their own, at a column, without the last line's end. */
export function block({ text }: Place, value: object, column: number): string {
  const options = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;
  return stringify(value, options)
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(column) + line))
    .join(newlineOf(text));
}

/** Lines put before the line that begins at a place. */
export function withLines({ text }: Place, at: number, lines: string): string {
  const newline = newlineOf(text);
  const isOpen = at > 0 && text[at - 1] !== '\n';
  return replaced(text, at, at, `${isOpen ? newline : ''}${lines}${newline}`);
}

export const newlineOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

export const startOfLine = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

export function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

export function startOf(path: Path, node: unknown): number {
  const { range } = node as Node;
  if (!range) throw refuse(path, 'its place is not known');
  return range[0];
}

/** Where the text of a pair or of an item ends, without the comments and empty lines that follow. */
export function endOf({ text, path }: Place, key: unknown, value: Node | null): number {
  const range = lastRange(value) ?? (key as Node | null)?.range;
  if (!range) throw refuse(path, 'its place is not known');
  const whole = text.slice(0, range[1]).trimEnd();
  // A key without a value ends with its colon.
  const colon = isEmpty(value) ? (/^\s*:/.exec(text.slice(whole.length))?.[0] ?? '') : '';
  return whole.length + colon.length;
}

export const isEmpty = (node: Node | null): boolean =>
  node === null || (isScalar(node) && (!node.range || node.range[0] === node.range[1]));

/** The range of the last thing in a node: that of a block would take in what only follows it. */
function lastRange(node: Node | null): Node['range'] {
  if (isMap(node) && !node.flow && node.items.length > 0) {
    const last = node.items.at(-1) as Pair;
    return lastRange(last.value as Node | null) ?? (last.key as Node).range;
  }
  if (isSeq(node) && !node.flow && node.items.length > 0) return lastRange(node.items.at(-1) as Node);
  return node?.range;
}

/** The text without one of several that commas part. */
export function withoutAmongCommas(text: string, from: number, to: number): string {
  const rest = /^\s*,\s*/.exec(text.slice(to));
  if (rest) return replaced(text, from, to + rest[0].length, '');
  return text.slice(0, from).replace(/\s*,\s*$/, '') + text.slice(to);
}
