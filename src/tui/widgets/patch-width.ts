import blessed from 'blessed';
import { pointWidth } from '../text/cell-width.js';

/**
 * blessed's table of widths is of 2013: it takes signs as ✅ ❎ ⏳ for one cell, and everything right of them is drawn a cell too far
 * left. From here on it measures as `cell-width` does.
 */
export function patchWidth(): void {
  const { unicode } = blessed as unknown as {
    unicode: { charWidth: (text: string | number, at?: number) => number };
  };
  unicode.charWidth = (text, at = 0) =>
    pointWidth(typeof text === 'number' ? text : (text.codePointAt(at) ?? 0x20));
}
