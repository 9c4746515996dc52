import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellWidth, fitText, padText, wrapText } from '../../../src/tui/text/cell-width.js';
import { cleanText } from '../../../src/tui/text/clean-text.js';

describe('cleanText', () => {
  test.each([
    ['plain text', 'plain text'],
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b[2J\x1b[Hgone', 'gone'],
    ['\x1b]0;title\x07after', 'after'],
    ['\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['\x1bP1;2q~~\x1b\\sixel', 'sixel'],
    ['\x9b2Jc1', 'c1'],
    ['bell\x07 back\b', 'bell back'],
    ['a\tb', 'a       b'],
    ['right\u202eleft\u200b', 'rightleft'],
    ['✔\ufe0f', '✔'],
    ['unfinished \x1b[', 'unfinished '],
    ['unfinished \x1b]0;title', 'unfinished '],
    ['日本語 ok', '日本語 ok'],
  ])('%j', (raw, clean) => expect(cleanText(raw)).toBe(clean));

  test('leaves no control character and nothing a terminal would act on, whatever comes', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '\x1b',
        '[',
        ']',
        '\x9b',
        '\x9d',
        '\x07',
        '\\',
        'm',
        '3',
        ';',
        'J',
        '\x00',
        'é',
        '✅',
        '\u202e',
      ),
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nasty), (raw) => {
        expect(cleanText(raw)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('widths', () => {
  test('emoji and CJK take two cells, combining marks none', () => {
    expect(cellWidth('✅❎⏳❌')).toBe(8);
    expect(cellWidth('日本')).toBe(4);
    expect(cellWidth('e\u0301')).toBe(1);
    expect(cellWidth('▾ ❯ ─ … · ●')).toBe(11);
  });
  test('padText is as wide as asked, fitText and wrapText never wider, and wrapText loses no word', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '✅', '日', 'é') });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), fc.boolean(), (raw, cells, keepEnd) => {
        expect(cellWidth(padText(raw, cells, '…', keepEnd))).toBe(cells);
        expect(cellWidth(fitText(raw, cells, '…', keepEnd))).toBeLessThanOrEqual(cells);
        const lines = wrapText(raw, cells);
        for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(cells);
        expect(lines.join('').replaceAll(' ', '')).toBe(raw.replaceAll(' ', ''));
      }),
    );
  });
});
