import fc from 'fast-check';
import { expect, it } from 'vitest';
import { duplicateJsonKeys } from '../../../src/lib/duplicate-json-keys.js';

it.each([
  ['{"a":1,"a":2}', ['a']],
  ['{"a":1,"a":2,"a":3}', ['a']],
  ['{"spec":{"list":[{"n":1},{"n":1,"n":{"x":1,"x":2}}]}}', ['spec.list[1].n', 'spec.list[1].n.x']],
  ['{"a":"{\\"b\\":1,\\"b\\":2}","b":["a","a"],"c":{"a":1}}', []],
  ['{"a":1,"\\u0061":2}', ['a']],
  ['["a","a"]', []],
  ['"a"', []],
])('of %s are %j', (text, paths) => {
  expect(duplicateJsonKeys(text)).toEqual(paths);
});

it('has none to tell of what was a value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(duplicateJsonKeys(JSON.stringify(value))).toEqual([]);
    }),
  );
});
