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
});
