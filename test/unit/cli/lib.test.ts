import { describe, expect, it } from 'vitest';
import { humanDuration } from '../../../src/lib/human-duration.js';
import { jsonPath } from '../../../src/lib/json-path.js';
import { parseDuration } from '../../../src/lib/parse-duration.js';
import { stripControl } from '../../../src/lib/strip-control.js';
import { table } from '../../../src/lib/table.js';

const second = 1000;
const hour = 3600 * second;

describe('humanDuration', () => {
  it.each([
    [0, '0s'],
    [-5, '0s'],
    [119 * second, '119s'],
    [120 * second, '2m'],
    [302 * second, '5m2s'],
    [10 * 60 * second, '10m'],
    [3 * hour, '3h'],
    [3.5 * hour, '3h30m'],
    [9.9 * hour, '9h'],
    [50 * hour, '2d2h'],
    [20 * 24 * hour, '20d'],
    [(2 * 365 + 10) * 24 * hour, '2y10d'],
  ])('%i → %s', (ms, text) => expect(humanDuration(ms)).toBe(text));
});

describe('parseDuration', () => {
  it.each([
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['90', 90_000],
    ['250ms', 250],
    ['0', 0],
    ['soon', undefined],
    ['-1s', undefined],
    ['', undefined],
  ])('%s → %s', (text, ms) => expect(parseDuration(text)).toBe(ms));
});

describe('table', () => {
  it('aligns what is wide, coloured or missing', () => {
    expect(
      table([
        ['A', 'B', 'C'],
        ['✅', '\x1b[32mok\x1b[39m', 'x'],
        ['long', '', ''],
      ]),
    ).toEqual(['A      B    C', '✅     \x1b[32mok\x1b[39m   x', 'long']);
  });
});

describe('stripControl', () => {
  it.each([
    ['plain\ttext\n', 'plain\ttext\n'],
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b]8;;http://x\x07link\x1b]8;;\x1b\\', 'link'],
    ['\x9b2Jgone', 'gone'],
    ['10%\r20%\r\ndone\n', '20%\ndone\n'],
    ['old\rnew\n', 'old\nnew\n'],
    ['a\x07b\x08c\u202ed', 'abcd'],
    ['日本語 ✅', '日本語 ✅'],
  ])('%j → %j', (text, expected) => expect(stripControl(text)).toBe(expected));
});

describe('jsonPath', () => {
  const value = {
    kind: 'List',
    items: [
      { metadata: { name: 'a', labels: { 'x.y/z': '1' } }, n: 1, on: true },
      { metadata: { name: 'b' }, n: 2, on: false },
    ],
  };
  it.each([
    ['{.kind}', 'List'],
    ['.kind', 'List'],
    ['{$.items[0].metadata.name}', 'a'],
    ['{.items[-1].metadata.name}', 'b'],
    ['{.items[*].n}', '1 2'],
    ['{.items[0:1].n}', '1'],
    ['{range .items[*]}{.metadata.name}{"\\t"}{.n}{"\\n"}{end}', 'a\t1\nb\t2\n'],
    ['{.items[?(@.n>1)].metadata.name}', 'b'],
    ['{.items[?(@.metadata.name=="a")].n}', '1'],
    ['{.items[?(@.metadata.labels)].n}', '1'],
    ['{.items[?(@.on==true)].n}', '1'],
    ["{.items[0].metadata.labels['x.y/z']}", '1'],
    ['{.items[0].metadata.labels.x\\.y/z}', '1'],
    ['{..name}', 'a b'],
    ['name={.items[0].metadata.name}!', 'name=a!'],
    ['{.nothing.there}', ''],
    ['{.items[0].metadata.labels}', '{"x.y/z":"1"}'],
  ])('%s', (template, expected) => expect(jsonPath(template, value)).toBe(expected));

  it.each(['{.items[}', '{range .items[*]}x', '{end}', '{.a', '{.items[?(n)]}'])('refuses %s', (template) => {
    expect(() => jsonPath(template, value)).toThrow();
  });
});
