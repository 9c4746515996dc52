import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../../src/api/format-diagnostic.js';
import { missingReferences } from '../../../src/api/missing-references.js';
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
        head(
          'PersistentVolumeClaim',
          'spec:\n  accessModes: [ReadWriteOnce]\n  resources: {requests: {storage: 1Gi}}',
        ),
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
    [
      'a claim for nothing',
      head('PersistentVolumeClaim', 'spec: {accessModes: []}'),
      [
        'error InvalidValue 5:7 a claim says how much it asks for',
        'error InvalidValue 5:21 a claim names its access modes',
      ],
    ],
    [
      'a type without its keys',
      head('Secret', 'type: kubernetes.io/tls\nstringData: {tls.crt: x}'),
      ['error InvalidValue 5:7 a Secret of the type kubernetes.io/tls has the key "tls.key"'],
    ],
    [
      'credentials that are none',
      head('Secret', 'type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: abc}'),
      ['error InvalidValue 6:33 the value of ".dockerconfigjson" is not a JSON object'],
    ],
    [
      'too much of it',
      head('ConfigMap', `data: {a: ${'x'.repeat(2 ** 20 + 1)}}`),
      ['error InvalidValue 5:7 its values have 1048577 bytes, 1048576 are allowed'],
    ],
    [
      'everything at once',
      head('Secret', 'data: {a: 1, "b c": no base64!, d: [x]}\ntyp: x'),
      [
        'error WrongType 5:11 a string is expected here, not the number',
        'error InvalidValue 5:21 "b c" is no key',
        'error InvalidValue 5:21 the value of "b c" is not base64',
        'error WrongType 5:36 a string is expected here, not a list',
        'error UnknownField 6:1 unknown field `typ`',
      ],
    ],
    ['one name, two kinds', `${head('ConfigMap', '')}---\n${head('Secret', '')}`, []],
  ])('%s', (_case, text, expected) => expect(problems(text)).toEqual(expected));

  it.each([
    ['not base64', 'data:\n  password: hunter2-top'],
    ['a number', 'stringData:\n  password: 777123'],
    ['a broken line', 'stringData:\n  password: "hunter2-top\n  other: [x'],
    ['an unknown field', 'stringData:\n  password: hunter2-top\nstrngData: {password: hunter2-top}'],
    ['an alias', 'stringData:\n  password: *hunter2-top'],
    ['a tag', 'stringData:\n  password: !hunter2 x\n  other: [x'],
    ['an escape', 'stringData:\n  password: "\\qhunter2-top"'],
    ['lines of one value', 'stringData:\n  password: "777123:x\n777123: y\n  hunter2'],
    ['credentials', 'type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: hunter2}'],
  ])('no value of a Secret is shown: %s', (_case, rest) => {
    const shown = read(head('Secret', rest))
      .diagnostics.map((each) => formatDiagnostic(each))
      .join('\n');
    expect(shown).not.toBe('');
    expect(shown).not.toMatch(/hunter2|777123/);
  });

  it.each([
    ['broken', '{"kind": "Secret", "stringData": {"password": "hunter2"}, }}'],
    ['without a version', '{"kind": "Secret", "metadata": {}, "stringData": {"password": "hunter2"}}'],
  ])('no value of a Secret is shown: JSON on one line, %s', (_case, text) => {
    const shown = read(text)
      .diagnostics.map((each) => formatDiagnostic(each))
      .join('\n');
    expect(shown).toContain('error');
    expect(shown).not.toContain('hunter2');
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

describe('what pods refer to and no file holds', () => {
  const serving = `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: {name: sample}
spec:
  template:
    roles:
      - name: server
        workerReplicas: 0
        entryTemplate:
          spec:
            initContainers:
              - name: init
                image: a
                envFrom: [{secretRef: {name: token}}, {configMapRef: {name: extra, optional: true}}]
            containers:
              - name: main
                image: a
                env:
                  - name: A
                    valueFrom: {configMapKeyRef: {name: settings, key: a}}
                  - name: B
                    valueFrom: {secretKeyRef: {name: token, key: b}}
            volumes:
              - name: cache
                persistentVolumeClaim: {claimName: cache}
              - name: all
                projected:
                  sources:
                    - configMap: {name: settings}
`;
  const warnings = (text: string, there: readonly string[]) =>
    missingReferences(read(text).references, ({ resource, namespace, name }) =>
      there.includes(`${resource} ${namespace}/${name}`) ? ['a', 'bee'] : undefined,
    ).map((each) => `${each.line}:${each.column} ${each.fieldPath} ${each.message}`);

  it('is told at the first place of each, unless it is optional', () => {
    const pod = 'spec.template.roles[0].entryTemplate.spec';
    expect(warnings(serving, [])).toEqual([
      `14:46 ${pod}.initContainers[0].envFrom[0].secretRef.name no file holds the Secret default/token (asked for in 2 places); pods will wait for it`,
      `20:57 ${pod}.containers[0].env[0].valueFrom.configMapKeyRef.name no file holds the ConfigMap default/settings (asked for in 2 places); pods will wait for it`,
      `25:52 ${pod}.volumes[0].persistentVolumeClaim.claimName no file holds the PersistentVolumeClaim default/cache; pods will wait for it`,
    ]);
  });

  it('is nothing where all are there, in the namespace of the pods', () => {
    const all = [
      'secrets default/token',
      'configmaps default/settings',
      'persistentvolumeclaims default/cache',
    ];
    expect(warnings(serving.replace('key: b}', 'key: bee}'), all)).toEqual([]);
    expect(warnings(serving.replace('sample}', 'sample, namespace: team}'), all)).toHaveLength(3);
  });

  it('may be one key of it', () => {
    const [found, ...more] = missingReferences(
      read(serving.replace('key: b}', 'key: tokn}')).references,
      () => ['a', 'token'],
    );
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      line: 22,
      code: 'MissingReference',
      message: 'the Secret default/token has no key "tokn"; pods will wait for it',
      hint: 'did you mean `token`?',
    });
  });
});
