import type { Level } from '../../api/pod-summary.js';
import type { Cell } from '../../api/types/resources.js';
import { cellWidth } from '../text/cell-width.js';

/** The signs of the screen. No emoji here needs a variation selector: terminals disagree on the width of those that do. */
export interface Glyphs {
  readonly ascii: boolean;
  readonly cell: Readonly<Record<Cell, string>>;
  readonly level: Readonly<Record<Level, string>>;
  readonly open: string;
  readonly closed: string;
  readonly pointer: string;
  readonly line: string;
  /** Between a name and what it says. */
  readonly rule: string;
  readonly ellipsis: string;
  readonly separator: string;
  readonly cursor: string;
  readonly live: string;
  readonly lost: string;
}

export const unicodeGlyphs: Glyphs = {
  ascii: false,
  cell: { '✅': '✅', '❎': '❎', '⏳': '⏳', '': '' },
  level: { good: '✅', busy: '⏳', bad: '❌' },
  open: '▾',
  closed: '▸',
  pointer: '❯',
  line: '─',
  rule: '│',
  ellipsis: '…',
  separator: '·',
  cursor: '▏',
  live: '●',
  lost: '○',
};

export const asciiGlyphs: Glyphs = {
  ascii: true,
  cell: { '✅': '[ok]', '❎': '[--]', '⏳': '[..]', '': '' },
  level: { good: '[ok]', busy: '[..]', bad: '[!!]' },
  open: 'v',
  closed: '>',
  pointer: '*',
  line: '-',
  rule: '|',
  ellipsis: '~',
  separator: '|',
  cursor: '_',
  live: '*',
  lost: 'x',
};

/** Every glyph of one table has the same width. */
export const glyphWidth = (glyphs: Glyphs): number => cellWidth(glyphs.level.good);

/** Our own words without a sign that ASCII lacks; what stays is replaced by ? in as many cells. */
export const asciiText = (text: string): string =>
  text
    .replaceAll('→', '->')
    .replaceAll('✅', '[ok]')
    .replaceAll('❎', '[--]')
    .replaceAll('⏳', '[..]')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replaceAll('…', '...')
    .replace(/[–—−]/g, '-')
    .replace(/[^\x20-\x7e]/gu, (sign) => '?'.repeat(cellWidth(sign)));
