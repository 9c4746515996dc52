import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { changesBetween } from '../../../src/lib/changes-between.js';
import { editDocument } from '../../../src/lib/yaml/edit-document.js';

const file = `# A serving
metadata:
  name: sample # its name
  # no labels yet
spec:
  replicas: 2   # groups

  template:
    roles:
      # prefill first
      - name: prefill
        entryTemplate:
          spec:
            containers:
              - image: "a:1" # the image
                name: main
                args: [serve, --port, "8000"]
      - name: decode # then decode
        workerReplicas: 0
        entryTemplate: {spec: {containers: [{name: main, image: b}]}}
# the end
`;
const edit = (path: (string | number)[], value: unknown, text = file) =>
  editDocument(text, 0, [{ path, value }]);
/** The lines that differ. */
const lines = (before: string, after: string) => {
  const [a, b] = [before.split('\n'), after.split('\n')];
  return [
    ...a.filter((line) => !b.includes(line)).map((l) => `-${l}`),
    ...b.filter((line) => !a.includes(line)).map((l) => `+${l}`),
  ];
};
const roles = ['spec', 'template', 'roles'];

describe('an edit of one value', () => {
  it.each<[string, (string | number)[], unknown, string[]]>([
    ['a number', ['spec', 'replicas'], 3, ['-  replicas: 2   # groups', '+  replicas: 3   # groups']],
    [
      'a quoted text',
      [...roles, 0, 'entryTemplate', 'spec', 'containers', 0, 'image'],
      'a:2',
      ['-              - image: "a:1" # the image', '+              - image: a:2 # the image'],
    ],
    [
      'a text that looks like something else',
      ['metadata', 'name'],
      'true',
      ['-  name: sample # its name', '+  name: "true" # its name'],
    ],
    [
      'a list',
      [...roles, 0, 'entryTemplate', 'spec', 'containers', 0, 'args'],
      ['serve', '--x'],
      [
        '-                args: [serve, --port, "8000"]',
        '+                args:',
        '+                  - serve',
        '+                  - --x',
      ],
    ],
    [
      'within braces',
      [...roles, 1, 'entryTemplate', 'spec', 'containers', 0, 'image'],
      'c',
      [
        '-        entryTemplate: {spec: {containers: [{name: main, image: b}]}}',
        '+        entryTemplate: {spec: {containers: [{name: main, image: c}]}}',
      ],
    ],
    [
      'a key with its parents',
      ['metadata', 'annotations', 'minithena.dev/paused'],
      'true',
      ['+  annotations:', '+    minithena.dev/paused: "true"'],
    ],
    [
      'a key in a list',
      [...roles, 0, 'entryTemplate', 'metadata', 'annotations', 'at'],
      '2026-01-01T00:00:00Z',
      ['+          metadata:', '+            annotations:', '+              at: "2026-01-01T00:00:00Z"'],
    ],
    [
      'a key within braces',
      [...roles, 1, 'entryTemplate', 'metadata', 'x'],
      1,
      [
        '-        entryTemplate: {spec: {containers: [{name: main, image: b}]}}',
        '+        entryTemplate: {spec: {containers: [{name: main, image: b}]}, metadata: { x: 1 }}',
      ],
    ],
    ['nothing', [...roles, 1, 'workerReplicas'], undefined, ['-        workerReplicas: 0']],
    [
      'nothing where the item begins',
      [...roles, 1, 'name'],
      undefined,
      ['-      - name: decode # then decode', '-        workerReplicas: 0', '+      - workerReplicas: 0'],
    ],
  ])('%s', (_what, path, value, expected) => {
    expect(lines(file, edit(path, value))).toEqual(expected);
  });

  it('keeps the line ends of the file', () => {
    const text = edit(['metadata', 'labels', 'a'], 'b', file.replaceAll('\n', '\r\n'));
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect(parse(text).metadata.labels).toEqual({ a: 'b' });
  });

  it('leaves an empty map beside its key', () => {
    const text = 'a:\n  # said of b\n  b: 1 # one\nc: 2\n';
    expect(edit(['a', 'b'], undefined, 'a:\n  b: 1\nc: 2\n')).toBe('a: {}\nc: 2\n');
    expect(parse(edit(['a', 'b'], undefined, text))).toEqual({ a: {}, c: 2 });
    expect(edit(['a', 'b'], undefined, 'a:\r\n  b: 1\r\n')).toBe('a: {}\r\n');
  });

  it('leaves nothing of an annotation that comes and goes but its map', () => {
    const path = ['metadata', 'annotations', 'minithena.dev/paused'];
    const paused = edit(path, 'true');
    expect(parse(edit(path, undefined, paused)).metadata).toEqual({ name: 'sample', annotations: {} });
    expect(lines(paused, edit(path, 'false', paused)).length).toBe(2);
  });

  it.each([
    ['a: {b: {c: 1}}\nd: 2\n', ['a', 'b', 'c'], 'a: {b: {}}\nd: 2\n'],
    ['a: { b: { c: 1 } } # why\nd: 2\n', ['a', 'b'], 'a: {} # why\nd: 2\n'],
    ['a:\r\n  {\r\n    b: 1,\r\n  }\r\nd: 2\r\n', ['a', 'b'], 'a: {}\r\nd: 2\r\n'],
    ['{"a": {"b": 1}}', ['a'], '{}'],
  ])('takes the only key out of a map in braces: %j', (text, path, expected) => {
    expect(edit(path, undefined, text)).toBe(expected);
  });

  it.each([
    ['a: &x {b: 1}\nc: *x\n', ['c', 'b']],
    ['a: &x {b: 1}\nc: *x\n', ['a', 'b']],
  ])('refuses what is shared: %j', (text, path) => {
    expect(() => edit(path, 2, text)).toThrow(/cannot be edited in place/);
  });

  it('names the field of a refusal as every message does', () => {
    const shared = 'roles: [&x {name: a}, *x]\n';
    expect(() => edit(['roles', 1, 'name'], 'b', shared)).toThrow(
      /^roles\[1\]\.name cannot be edited in place/,
    );
  });
});

describe('an edit of a list', () => {
  const listed = `roles:
  # all of them
  - name: a # first
    env:
      - name: X
        value: "1" # why
    # ends a
  # about b
  - name: b

  # about c
  - {name: c, args: [x, y, z]}
script: | # of start
  one
  two
end: 1
`;
  const make = (change: (value: { roles: Record<string, unknown>[]; script: string }) => void) => {
    const after = parse(listed);
    change(after);
    const edited = editDocument(listed, 0, changesBetween(parse(listed), after));
    expect(parse(edited)).toEqual(after);
    return lines(listed, edited);
  };

  it('takes an item away with what is said of it, and nothing else', () => {
    expect(make(({ roles }) => roles.splice(1, 1))).toEqual(['-  # about b', '-  - name: b']);
    expect(make(({ roles }) => roles.splice(0, 1))).toEqual([
      '-  - name: a # first',
      '-    env:',
      '-      - name: X',
      '-        value: "1" # why',
      '-    # ends a',
    ]);
    expect(make(({ roles }) => roles.splice(2, 1))).toEqual([
      '-  # about c',
      '-  - {name: c, args: [x, y, z]}',
    ]);
  });

  it('puts items where they belong, and leaves the others', () => {
    const item = { name: 'new', env: [{ name: 'Z' }] };
    const own = ['+  - name: new', '+      - name: Z'];
    for (const at of [0, 1, 2, 3]) expect(make(({ roles }) => roles.splice(at, 0, item))).toEqual(own);
  });

  it('changes an item by its name, whatever comes and goes beside it', () => {
    const changes = make((after) => {
      after.roles = [
        { name: 'new' },
        { ...after.roles[0], env: [] },
        { name: 'c', args: ['x', 'w', 'z', 'v'] },
      ];
    });
    expect(changes).toEqual([
      '-    env:',
      '-      - name: X',
      '-        value: "1" # why',
      '-  # about b',
      '-  - name: b',
      '-  - {name: c, args: [x, y, z]}',
      '+  - name: new',
      '+    env: [] # why',
      '+  - {name: c, args: [x, w, z, v]}',
    ]);
  });

  it('writes texts of several lines', () => {
    expect(
      make((after) => {
        after.script = 'one\n\nthree\n';
      }),
    ).toEqual(['-script: | # of start', '-  two', '+script: |', '+  three']);
    expect(make(({ roles }) => Object.assign(roles[2] ?? {}, { args: ['a\nb'] }))).toEqual([
      '-  - {name: c, args: [x, y, z]}',
      '+  - {name: c, args: ["a\\nb"]}',
    ]);
  });

  it('keeps JSON what is JSON', () => {
    const text = '{"a": [{"name": "x"}], "b": {"c": 1}}\n';
    const after = { a: [{ name: 'x' }, { name: 'y', z: true }], b: { c: 1, d: 'e' } };
    expect(JSON.parse(editDocument(text, 0, changesBetween(parse(text), after)))).toEqual(after);
  });
});

it('makes any value of any other, comments kept', () => {
  const key = fc.constantFrom('a', 'b', 'c-d', 'x/y');
  const scalar = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('t', 'true', '1', '', 'a: b', '# c', "it's"),
  );
  const { tree } = fc.letrec<{ tree: unknown; map: Record<string, unknown> }>((tie) => ({
    map: fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 3 }) as fc.Arbitrary<Record<string, unknown>>,
    tree: fc.oneof(
      { depthSize: 'small' },
      scalar,
      tie('map'),
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    ),
  }));
  const map = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 3 });
  const text = (value: unknown) => `# top\n${stringify(value)}# end\n`;
  fc.assert(
    fc.property(map, map, (before, after) => {
      const source = text(before);
      const edited = editDocument(source, 0, changesBetween(parse(source), after));
      expect(parse(edited)).toEqual(after);
      expect(edited.startsWith('# top\n')).toBe(true);
      expect(edited).toContain('# end');
    }),
    { numRuns: 500 },
  );
});
