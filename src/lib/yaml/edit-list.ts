import type { Node, YAMLSeq } from 'yaml';
import {
  block,
  endOf,
  endOfLine,
  inline,
  newlineOf,
  type Place,
  refuse,
  replaced,
  startOf,
  startOfLine,
  withLines,
  withoutAmongCommas,
} from './text-place.js';

/** One item more, before the one that is at this place now; after the last, where there is none. */
export function withItem(place: Place, list: YAMLSeq, at: number, value: unknown): string {
  const { text, path } = place;
  const next = list.items[at] as Node | undefined;
  if (list.items.length === 0) throw refuse(path, 'its list is empty');
  if (list.flow) {
    if (next) return replaced(text, startOf(path, next), startOf(path, next), `${inline(text, value)}, `);
    const end = endOfItem(place, list, list.items.length - 1);
    return replaced(text, end, end, `, ${inline(text, value)}`);
  }
  const hyphen = hyphenOf(place, list, Math.max(0, at - 1));
  const column = hyphen - startOfLine(text, hyphen);
  const lines = block(place, [value], column);
  if (at > 0) return withLines(place, endOfBlockItem(place, list, at - 1), lines);
  return replaced(text, hyphen, hyphen, `${lines.trimStart()}${newlineOf(text)}${' '.repeat(column)}`);
}

export function replacedItem(place: Place, list: YAMLSeq, at: number, value: unknown): string {
  const { text, path } = place;
  const end = endOfItem(place, list, at);
  if (list.flow) return replaced(text, startOf(path, list.items[at]), end, inline(text, value));
  const hyphen = hyphenOf(place, list, at);
  const lines = block(place, [value], hyphen - startOfLine(text, hyphen)).trimStart();
  return replaced(text, hyphen, end, lines);
}

/** Without an item, and without the comments that stand over it or end it; those over the first may be about the list, and stay. */
export function withoutItem(place: Place, list: YAMLSeq, at: number): string {
  const { text, path } = place;
  if (list.items.length === 1) throw refuse(path, 'it is the only one of its list');
  if (list.flow) return withoutAmongCommas(text, startOf(path, list.items[at]), endOfItem(place, list, at));
  const hyphen = hyphenOf(place, list, at);
  let from = startOfLine(text, hyphen);
  const end = endOfBlockItem(place, list, at);
  const indent = text.slice(from, hyphen);
  if (indent.trim() !== '') {
    // The next one takes its place in the line.
    return replaced(text, hyphen, hyphenOf(place, list, at + 1), '');
  }
  while (at > 0) {
    const above = startOfLine(text, from - 1);
    if (!text.slice(above, from).startsWith(`${indent}#`)) break;
    from = above;
  }
  return replaced(text, from, end, '');
}

const endOfItem = (place: Place, list: YAMLSeq, at: number): number =>
  endOf(place, null, list.items[at] as Node);

/** The end of its last line, and of the comments below that are indented as it is. */
function endOfBlockItem(place: Place, list: YAMLSeq, at: number): number {
  const { text } = place;
  const hyphen = hyphenOf(place, list, at);
  const column = hyphen - startOfLine(text, hyphen);
  let end = endOfLine(text, endOfItem(place, list, at));
  const isIts = (line: string) => /^ *#/.test(line) && line.indexOf('#') > column;
  while (end < text.length && isIts(text.slice(end, endOfLine(text, end)))) end = endOfLine(text, end);
  return end;
}

function hyphenOf({ path }: Place, { srcToken }: YAMLSeq, at: number): number {
  const items = srcToken?.type === 'block-seq' ? srcToken.items : [];
  const hyphen = items.flatMap(({ start }) => start.filter((token) => token.type === 'seq-item-ind')).at(at);
  if (!hyphen) throw refuse(path, 'its place in the list is not known');
  return hyphen.offset;
}
