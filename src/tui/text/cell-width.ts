import { eastAsianWidth } from 'get-east-asian-width';

/** Cells that one code point takes: 0 for combining marks and controls, 2 for wide ones, else 1. */
export function pointWidth(point: number): 0 | 1 | 2 {
  if (point >= 0x20 && point < 0x7f) return 1;
  if (point < 0x20 || (point >= 0x7f && point < 0xa0)) return 0;
  if (point < 0x300) return 1;
  if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(String.fromCodePoint(point))) return 0;
  return eastAsianWidth(point) === 2 ? 2 : 1;
}

/** Cells that a text takes on the screen. */
export function cellWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += pointWidth(char.codePointAt(0) ?? 0);
  return width;
}

/** The text cut to `cells`, with an ellipsis where something is missing (at the start when `keepEnd`). */
export function fitText(text: string, cells: number, ellipsis = '…', keepEnd = false): string {
  if (cells <= 0) return '';
  if (cellWidth(text) <= cells) return text;
  if (cells <= cellWidth(ellipsis)) return ellipsis.slice(0, cells);
  const room = cells - cellWidth(ellipsis);
  const chars = [...text];
  if (keepEnd) chars.reverse();
  const kept: string[] = [];
  let width = 0;
  for (const char of chars) {
    width += pointWidth(char.codePointAt(0) ?? 0);
    if (width > room) break;
    kept.push(char);
  }
  if (!keepEnd) return kept.join('') + ellipsis;
  // A mark whose letter was cut off would stand on the ellipsis.
  while (kept.length > 0 && pointWidth(kept.at(-1)?.codePointAt(0) ?? 0) === 0) kept.pop();
  return ellipsis + kept.reverse().join('');
}

/** The text as exactly `cells` cells: cut, or filled with spaces. */
export function padText(text: string, cells: number, ellipsis = '…', keepEnd = false): string {
  const fitted = fitText(text, cells, ellipsis, keepEnd);
  return fitted + ' '.repeat(Math.max(0, cells - cellWidth(fitted)));
}

/** Where the rows of a text begin, in characters, when each is filled before the next one begins; wide characters stay whole. */
export function rowStarts(text: string, cells: number): number[] {
  const starts = [0];
  let width = 0;
  let index = 0;
  for (const char of text) {
    const own = pointWidth(char.codePointAt(0) ?? 0);
    if (width > 0 && width + own > cells) {
      starts.push(index);
      width = 0;
    }
    width += own;
    index += char.length;
  }
  return starts;
}

/** A text broken into lines of at most `cells` cells, at spaces where there are some. */
export function wrapText(text: string, cells: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )/)) {
    let rest = word;
    if (line !== '' && cellWidth(line) + cellWidth(rest.trimEnd()) > cells) {
      lines.push(line.trimEnd());
      line = '';
    }
    while (cellWidth(rest.trimEnd()) > cells) {
      const head = fitText(rest, cells, '');
      if (head === '') break;
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line += rest;
  }
  if (line.trimEnd() !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}
