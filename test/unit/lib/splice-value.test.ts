import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spliceNumber } from '../../../src/lib/yaml/splice-value.js';

const path = ['spec', 'replicas'];

describe('spliceNumber', () => {
  it('replaces the value and nothing else', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.nat(1000),
        fc.array(fc.constantFrom('', '# a comment', '  other: [1, 2]', '  text: "replicas: 9"'), {
          maxLength: 4,
        }),
        fc.constantFrom('', '   # why', ' '),
        fc.constantFrom('\n', '\r\n'),
        (before, after, extra, tail, newline) => {
          const unique = [...new Set(extra)];
          const lines = (value: number) =>
            ['kind: A', 'spec:', ...unique, `  replicas:   ${value}${tail}`, 'end: true', ''].join(newline);
          expect(spliceNumber(lines(before), 0, path, after)).toBe(lines(after));
        },
      ),
    );
  });

  it('finds its document among several', () => {
    expect(spliceNumber('spec: {replicas: 1}\n---\nspec: {replicas: 1}\n', 1, path, 7)).toBe(
      'spec: {replicas: 1}\n---\nspec: {replicas: 7}\n',
    );
  });

  it('adds a missing key before its first sibling, in block and flow maps', () => {
    expect(spliceNumber('spec:\n  # first\n  a: 1\n', 0, path, 2)).toBe(
      'spec:\n  # first\n  replicas: 2\n  a: 1\n',
    );
    expect(spliceNumber('spec: {a: 1}\n', 0, path, 2)).toBe('spec: {replicas: 2, a: 1}\n');
    expect(spliceNumber('roles:\n- name: x\n', 0, ['roles', 0, 'replicas'], 2)).toBe(
      'roles:\n- replicas: 2\n  name: x\n',
    );
  });

  it.each([
    ['an anchored value', 'spec: {replicas: &n 1, other: *n}\n'],
    ['an alias as value', 'n: &n 1\nspec: {replicas: *n}\n'],
    ['a map behind an alias', 'base: &b {replicas: 1}\nspec: *b\n'],
    ['a map with an anchor', 'spec: &b {replicas: 1}\nother: *b\n'],
    ['an empty value', 'spec:\n  replicas:\n'],
    ['a document that is gone', ''],
  ])('refuses %s', (_what, text) => {
    expect(() => spliceNumber(text, 0, path, 2)).toThrowError(
      expect.objectContaining({ code: 'NotEditable' }) as Error,
    );
  });

  it('overrides a count that a merge key brings', () => {
    const text = 'base: &b\n  replicas: 1\nspec:\n  <<: *b\n  a: 1\n';
    expect(spliceNumber(text, 0, path, 2)).toContain('spec:\n  replicas: 2\n  <<: *b\n');
  });
});
