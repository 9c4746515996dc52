import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runFiles } from '../../../src/conformance/run-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cases-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const right = {
  id: 'right',
  given: { existingOrdinals: [0] },
  when: { op: 'findMissingOrdinals', expectedCount: 2, limit: 2 },
  expect: { ordinals: [1] },
};
const write = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return join(folder, name);
};
function run(files: readonly string[]) {
  const lines: string[] = [];
  const problems: string[] = [];
  const status = runFiles(files, folder, {
    line: (text) => void lines.push(text),
    problem: (text) => void problems.push(text),
  });
  return { status, lines, problems };
}

it('counts over all files, one line per failing case', () => {
  const files = [write('a', [right]), write('b', [{ ...right, id: 'wrong', expect: { ordinals: [7] } }])];
  expect(run(files)).toEqual({
    status: 1,
    lines: ['failed wrong: ordinals: expected [7], found [1]', '1 passed, 1 failed, 0 skipped'],
    problems: [],
  });
});

it('finds a file by its path from where npm was called', () => {
  write('here.json', `\uFEFF${JSON.stringify([right])}`);
  expect(run(['here.json'])).toMatchObject({ status: 0, lines: ['1 passed, 0 failed, 0 skipped'] });
});

it('says what is wrong with a file, and runs the others', () => {
  const files = [join(folder, 'none'), write('text', 'cases'), write('map', {}), folder, write('a', [right])];
  const { status, lines, problems } = run(files);
  expect(status).toBe(64);
  expect(lines).toEqual(['1 passed, 0 failed, 0 skipped']);
  expect(problems).toEqual([
    expect.stringMatching(/none: there is no such file$/),
    expect.stringMatching(/text: .*JSON/),
    expect.stringMatching(/map: a list of cases is expected/),
    expect.stringMatching(/EISDIR/),
  ]);
});

it('fails what is no case, by its place in the file', () => {
  const file = write('odd', [null, 7, {}, { ...right, expect: null }, { ...right, given: [] }]);
  const { status, lines } = run([file]);
  expect(status).toBe(1);
  expect(lines[0]).toBe(`failed ${file}[0]: it has no map "given"`);
  expect(lines.at(-1)).toBe('0 passed, 5 failed, 0 skipped');
});
