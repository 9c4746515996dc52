import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../../src/api/parse-manifests.js';

const folder = new URL('../../../fixtures/', import.meta.url);

/** Every file of fixtures/ says in its first line what is to be found in it. `MINITHENA_WRITE_FIXTURES=1` writes that line anew. */
describe('fixtures', () => {
  it.each(readdirSync(folder))('%s', (name) => {
    const file = new URL(name, folder);
    const text = readFileSync(file, 'utf8');
    const found = parseManifests(name, text).diagnostics;
    const line = `# expect: ${found.map((each) => `${each.code} ${each.line}:${each.column}`).join(', ')}`;
    if (process.env.MINITHENA_WRITE_FIXTURES) {
      writeFileSync(file, text.replace(/^# expect:.*/, line));
      return;
    }
    expect(line).toBe(text.split('\n')[0]);
    expect(found.length).toBeGreaterThan(0);
    for (const each of found) {
      expect(each.message).not.toBe('');
      expect(each.pointer).toMatch(/\^/);
    }
  });
});
