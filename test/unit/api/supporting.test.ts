import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../../src/api/format-diagnostic.js';
import { parseManifests } from '../../../src/api/parse-manifests.js';
import { withoutSecrets } from '../../../src/api/without-secrets.js';

const read = (text: string) => parseManifests('f.yaml', text);
const head = (kind: string, rest: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: thing\n${rest}\n`;
const problems = (text: string) =>
  read(text).diagnostics.map(
    (each) => `${each.severity} ${each.code} ${each.line}:${each.column} ${each.message}`,
  );

describe('objects that pods refer to', () => {
  it('a ConfigMap, a Secret with stringData winning over data, a claim that is bound', () => {
    const { supporting, diagnostics } = read(
      [
        head('ConfigMap', 'data: {a: x}\nbinaryData: {b: AAE=}'),
        head('Secret', 'data:\n  a: eA==\n  b: eA==\nstringData:\n  b: "y"'),
        head('PersistentVolumeClaim', 'spec:\n  resources: {requests: {storage: 1Gi}}'),
      ].join('---\n'),
    );
    expect(diagnostics).toEqual([]);
    expect(supporting.map(({ resource }) => resource)).toEqual([
      'configmaps',
      'secrets',
      'persistentvolumeclaims',
    ]);
    expect(supporting.map(({ object }) => object)).toMatchObject([
      { data: { a: 'x' }, binaryData: { b: 'AAE=' }, metadata: { name: 'thing', namespace: 'default' } },
      { type: 'Opaque', data: { a: 'eA==', b: 'eQ==' } },
      { spec: { accessModes: ['ReadWriteOnce'] }, status: { phase: 'Bound', capacity: { storage: '1Gi' } } },
    ]);
  });

  it.each([
    ['an unknown field', head('ConfigMap', 'dta: {a: x}'), ['error UnknownField 5:1 unknown field `dta`']],
    [
      'a key that is none',
      head('ConfigMap', 'data: {"a b": x}'),
      ['error InvalidValue 5:15 "a b" is no key'],
    ],
    [
      'a key in both',
      head('ConfigMap', 'data: {a: x}\nbinaryData: {a: AAE=}'),
      ['error InvalidValue 6:17 "a" stands in data as well'],
    ],
    [
      'no base64',
      head('Secret', 'data: {password: hunter2!}'),
      ['error InvalidValue 5:18 the value of "password" is not base64'],
    ],
    [
      'the same name twice',
      `${head('ConfigMap', 'data: {}')}---\n${head('ConfigMap', 'data: {}')}`,
      ['error DuplicateName 10:9 a ConfigMap default/thing stands in line 4 already'],
    ],
    ['one name, two kinds', `${head('ConfigMap', '')}---\n${head('Secret', '')}`, []],
  ])('%s', (_case, text, expected) => expect(problems(text)).toEqual(expected));

  it.each([
    ['not base64', 'data:\n  password: hunter2-top'],
    ['a number', 'stringData:\n  password: 777123'],
    ['a broken line', 'stringData:\n  password: "hunter2-top\n  other: [x'],
    ['an unknown field', 'stringData:\n  password: hunter2-top\nstrngData: {password: hunter2-top}'],
  ])('no value of a Secret is shown: %s', (_case, rest) => {
    const shown = read(head('Secret', rest))
      .diagnostics.map((each) => formatDiagnostic(each))
      .join('\n');
    expect(shown).not.toBe('');
    expect(shown).not.toMatch(/hunter2|777123/);
  });

  it('people see keys, not values, also where kubectl kept them', () => {
    const [found] = read(head('Secret', 'stringData: {password: hunter2}')).supporting;
    if (found?.resource !== 'secrets') throw new Error('no secret');
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': '{"password":"hunter2"}',
      a: 'b',
    };
    const shown = withoutSecrets({ ...found.object, metadata: { ...found.object.metadata, annotations } });
    expect(shown.data).toEqual({ password: '***' });
    expect(shown.metadata.annotations).toEqual({ a: 'b' });
  });
});
