import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorsPage, keysPage, podsPage, withTables } from './pages.js';

const page = (name: string) => new URL(`../../../docs/${name}`, import.meta.url);

/** `MINITHENA_WRITE_DOCS=1 npx vitest run --project unit test/unit/docs` writes the pages anew. */
describe('docs', () => {
  it.each<[string, (before: string) => string]>([
    ['scaling.md', withTables],
    ['errors.md', errorsPage],
    ['pods.md', podsPage],
    ['keys.md', keysPage],
  ])('%s says what the program says', (name, make) => {
    const before = readFileSync(page(name), 'utf8');
    if (process.env.MINITHENA_WRITE_DOCS) writeFileSync(page(name), make(before));
    else expect(before).toBe(make(before));
  });

  it('validation.md has a row for every rule that is checked, and for no other', () => {
    const rules = (text: string) => [...new Set(text.match(/\bV\d+\b/g))].sort();
    const source = (name: string) =>
      readFileSync(new URL(`../../../src/api/${name}`, import.meta.url), 'utf8');
    const codes =
      ['validate-model-serving.ts', 'check-shape.ts']
        .map(source)
        .join('\n')
        .match(/'V\d+'/g) ?? [];
    const table = readFileSync(page('validation.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `V'));
    expect(rules(table.map((line) => line.split('|')[1]).join(' '))).toEqual(rules(codes.join(' ')));
  });
});
