import type { Node, Pair, YAMLMap } from 'yaml';
import {
  block,
  endOf,
  endOfLine,
  inline,
  type Place,
  refuse,
  replaced,
  startOf,
  startOfLine,
  withLines,
  withoutAmongCommas,
} from './text-place.js';

/** One pair more, after the last of its siblings, so that comments above the first stay there. */
export function withPair(place: Place, parent: YAMLMap, key: string, value: unknown): string {
  const { text, path } = place;
  const last = parent.items.at(-1);
  if (!last) {
    if (!parent.range) throw refuse(path, 'its map is empty');
    return replaced(text, parent.range[0], parent.range[1], inline(text, { [key]: value }));
  }
  const end = endOfPair(place, last);
  if (parent.flow) return replaced(text, end, end, `, ${inlinePair(text, key, value)}`);
  return withLines(place, endOfLine(text, end), block(place, { [key]: value }, columnOf(place, last)));
}

export function replacedPair(
  place: Place,
  parent: YAMLMap,
  pair: Pair,
  [key, value]: [string, unknown],
): string {
  const { text, path } = place;
  const lines = parent.flow
    ? inlinePair(text, key, value)
    : block(place, { [key]: value }, columnOf(place, pair)).trimStart();
  return replaced(text, startOf(path, pair.key), endOfPair(place, pair), lines);
}

export function withoutPair(place: Place, parent: YAMLMap, pair: Pair): string {
  const { text, path } = place;
  const start = startOf(path, pair.key);
  const end = endOfPair(place, pair);
  // A map with nothing in it would read as no value at all.
  if (parent.items.length === 1 && parent.range) {
    const to = parent.flow ? parent.range[1] : end;
    const [, gap] = /:([ \t]*\r?\n\s*)$/.exec(text.slice(0, parent.range[0])) ?? [];
    if (gap === undefined) return replaced(text, parent.range[0], to, '{}');
    // Beside its key, as a person would write it.
    return replaced(text, parent.range[0] - gap.length, to, ' {}');
  }
  if (parent.flow) return withoutAmongCommas(text, start, end);
  const lineStart = startOfLine(text, start);
  const lineEnd = endOfLine(text, end);
  // The first key of a list's item shares its line with the hyphen.
  if (text.slice(lineStart, start).trim() === '') return replaced(text, lineStart, lineEnd, '');
  const next = parent.items[1];
  return replaced(text, start, next ? startOf(path, next.key) : lineEnd, '');
}

const inlinePair = (text: string, key: string, value: unknown): string =>
  inline(text, { [key]: value })
    .replace(/^\{\s*/, '')
    .replace(/\s*\}$/, '');

const endOfPair = (place: Place, { key, value }: Pair): number => endOf(place, key, value as Node | null);

function columnOf({ text, path }: Place, { key }: Pair): number {
  const start = startOf(path, key);
  return start - startOfLine(text, start);
}
