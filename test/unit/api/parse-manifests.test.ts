import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../../src/api/format-diagnostic.js';
import { parseManifests } from '../../../src/api/parse-manifests.js';

const good = `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata:
  name: sample
spec:
  replicas: 2
  template:
    roles:
      - name: prefill
        replicas: 1
        workerReplicas: 0
        entryTemplate:
          spec:
            containers:
              - name: main
                image: busybox:1
`;
const of = (text: string) => parseManifests('a.yaml', text);
const errors = (text: string) => of(text).diagnostics.filter((each) => each.severity === 'error');
const codes = (text: string) => errors(text).map((each) => each.code);
/** The good file with one piece of text replaced; fails when the piece is not there. */
const edited = (from: string, to: string) => {
  expect(good).toContain(from);
  return good.replace(from, to);
};

describe('parseManifests', () => {
  it('reads a ModelServing and fills in its defaults, and leaves pod templates as written', () => {
    const { modelServings, diagnostics } = of(edited('  replicas: 2\n', ''));
    expect(diagnostics).toEqual([]);
    expect(modelServings[0]?.object).toMatchObject({
      metadata: { name: 'sample', namespace: 'default' },
      spec: {
        replicas: 1,
        recoveryPolicy: 'RoleRecreate',
        rolloutStrategy: { type: 'ServingGroupRollingUpdate' },
        template: { restartGracePeriodSeconds: 0 },
      },
    });
    expect(modelServings[0]?.object.spec.template.roles[0]?.entryTemplate).toEqual({
      spec: { containers: [{ name: 'main', image: 'busybox:1' }] },
    });
  });

  it('says where an unknown field stands and what was meant', () => {
    const [found] = errors(edited('  replicas: 2', '  replica: 2'));
    expect(found && formatDiagnostic(found)).toBe(
      [
        'a.yaml:6:3: error UnknownField: unknown field `replica`',
        '      replica: 2',
        '      ^^^^^^^',
        '  field: spec.replica',
        '  hint: did you mean `replicas`?',
      ].join('\n'),
    );
  });

  it('reports all problems at once, in the order of the file', () => {
    const text = edited('  replicas: 2', '  replicas: two')
      .replace('image:', 'imag:')
      .replace('name: prefill', 'nam: prefill');
    expect(errors(text).map((each) => `${each.line} ${each.code}`)).toEqual([
      '6 WrongType',
      '9 UnknownField',
      '9 MissingField',
      '15 MissingField',
      '16 UnknownField',
    ]);
  });

  it.each([
    ['null replicas', 'replicas: 2', 'replicas:', ['WrongType']],
    ['negative replicas', 'replicas: 2', 'replicas: -1', ['V4']],
    ['negative role replicas', '        replicas: 1', '        replicas: -1', ['V6']],
    ['negative workers', 'workerReplicas: 0', 'workerReplicas: -1', ['V17']],
    ['a fraction', 'replicas: 2', 'replicas: 1.5', ['WrongType']],
    ['V1 too long', 'name: sample', `name: ${'a'.repeat(60)}`, ['V1']],
    ['V1 no DNS name', 'name: sample', 'name: Sample', ['V1']],
    ['V2', 'name: prefill', 'name: Prefill', ['V2']],
    ['length of a role name', 'name: prefill', 'name: prefillprefill', ['InvalidValue']],
    ['V3 blank', 'image: busybox:1', 'image: " "', ['V3']],
    ['V3 space', 'image: busybox:1', 'image: busy box', ['V3']],
    ['V5', /roles:[\s\S]*/, 'roles: []\n', ['V5']],
    ['V18', 'workerReplicas: 0', 'workerReplicas: 1', ['V18']],
    ['quoted number', 'replicas: 2', 'replicas: "2"', ['WrongType']],
    ['another version', 'v1alpha1', 'v1', ['UnknownKind']],
    ['another kind', 'kind: ModelServing', 'kind: Deployment', ['UnknownKind']],
    ['not a map', /[\s\S]*/, '- a\n- b\n', ['WrongType']],
    ['a tab', '  replicas: 2', '\treplicas: 2', ['YamlSyntax']],
  ])('%s', (_name, from, to, expected) => {
    expect(new Set(codes(good.replace(from, to)))).toEqual(new Set(expected));
  });

  const spec = (lines: string) => edited('  replicas: 2\n', `  replicas: 2\n${lines}`);
  const roll = (lines: string, type = 'ServingGroupRollingUpdate') =>
    spec(`  rolloutStrategy:\n    type: ${type}\n    rollingUpdateConfiguration:\n${lines}`);
  it.each([
    ['V7', roll('      maxUnavailable: 1\n', 'RoleRollingUpdate'), ['V7']],
    ['V8', roll('      maxUnavailable: 101%\n'), ['V8']],
    ['V8 negative', roll('      maxUnavailable: -1\n'), ['V8']],
    ['V9', roll('      partition: many\n'), ['V9']],
    ['V10', roll('      maxUnavailable: 0\n'), ['V10']],
    ['V10 rounded down', roll('      maxUnavailable: 10%\n'), ['V10']],
    ['fine', roll('      maxUnavailable: 50%\n      partition: 1\n'), []],
    ['V12', edited('workerReplicas: 0', 'workerReplicas: 0\n        partition: 1'), ['V12']],
    ['V13', edited('workerReplicas: 0', 'workerReplicas: 0\n        maxUnavailable: 2'), ['V13']],
    [
      'V19',
      spec('  recoveryPolicy: ServingGroupRecreate\n  rolloutStrategy: {type: RoleRollingUpdate}\n'),
      ['V19'],
    ],
    ['policy', spec('  recoveryPolicy: RoleRecreat\n'), ['InvalidValue']],
    [
      'V14',
      edited('  template:\n', '  template:\n    gangPolicy: {minRoleReplicas: {decode: 1}}\n'),
      ['V14'],
    ],
    [
      'V15',
      edited('  template:\n', '  template:\n    gangPolicy: {minRoleReplicas: {prefill: -1}}\n'),
      ['V15'],
    ],
    [
      'V16',
      edited('  template:\n', '  template:\n    gangPolicy: {minRoleReplicas: {prefill: 2}}\n'),
      ['V16'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  it.each([
    ['of the groups', roll('      maxUnavailable: 30%\n'), 'spec.rolloutStrategy', 'V10'],
    [
      'of a role',
      edited('        replicas: 1', '        replicas: 4\n        maxUnavailable: 30%'),
      'spec.template.roles[0]',
      'V13',
    ],
  ])(
    'a percentage %s that stood before, and comes to 0 by scaling, is a warning',
    (_name, text, at, code) => {
      const four = text.replace('  replicas: 2', '  replicas: 4');
      const [before] = of(four).modelServings;
      const three = four.replaceAll('replicas: 4', 'replicas: 3');
      const told = parseManifests('a.yaml', three, () => before?.object);
      expect(told.modelServings).toHaveLength(1);
      expect(told.diagnostics).toMatchObject([
        { severity: 'warning', code, message: 'maxUnavailable 30% comes to 0 of 3 replicas: it counts as 1' },
      ]);
      expect(told.diagnostics[0]?.fieldPath.startsWith(at)).toBe(true);
      // What is new, or was changed to it, is an error.
      expect(codes(three)).toEqual([code]);
      const lower = parseManifests('a.yaml', three.replace('30%', '20%'), () => before?.object);
      expect(lower.diagnostics).toMatchObject([{ severity: 'error', code }]);
    },
  );

  it('minRoleReplicas may be added, and then neither changed nor removed', () => {
    const gang = (least: number) =>
      edited('  template:\n', `  template:\n    gangPolicy:\n      minRoleReplicas: {prefill: ${least}}\n`);
    const [before] = of(gang(1)).modelServings;
    const beside = (text: string) =>
      parseManifests('a.yaml', text, () => before?.object).diagnostics.map(
        ({ code, line, column }) => `${code} ${line}:${column}`,
      );
    expect(beside(gang(1))).toEqual([]);
    expect(beside(gang(0))).toEqual(['Immutable 9:24']);
    expect(beside(good)).toEqual(['Immutable 8:5']);
    const [none] = of(good).modelServings;
    expect(parseManifests('a.yaml', gang(1), () => none?.object).diagnostics).toEqual([]);
  });

  it('refuses counts that no machine has room for, where the slip is', () => {
    const told = (from: string, to: string) =>
      errors(edited(from, to)).map((each) => `${each.code} ${each.fieldPath}`);
    expect(told('  replicas: 2', '  replicas: 10000')).toEqual([]);
    expect(told('  replicas: 2', '  replicas: 99999999999')).toEqual(['TooManyPods spec.replicas']);
    const role = 'TooManyPods spec.template.roles[0].replicas';
    expect(told('        replicas: 1', '        replicas: 10001')).toEqual([role]);
    expect(
      told(
        'workerReplicas: 0',
        'workerReplicas: 9999999\n        workerTemplate: { spec: { containers: [] } }',
      ),
    ).toContain(role);
  });

  it('warns of fields without effect, and runs the rest', () => {
    const { modelServings, diagnostics } = of(spec('  schedulerName: volcano\n'));
    expect(modelServings.length).toBe(1);
    expect(diagnostics.map((each) => `${each.severity} ${each.code} ${each.fieldPath}`)).toEqual([
      'warning NotActedOn spec.schedulerName',
    ]);
  });

  it('warns of our own annotations that say nothing', () => {
    const marked = good.replace(
      /metadata:\n.*/,
      'metadata: {name: sample, annotations: {minithena.dev/rules: upsteam, minithena.dev/paused: "yes", minithena.dev/stand-in: "true"}}',
    );
    expect(marked).not.toBe(good);
    expect(of(marked).diagnostics.map((each) => [each.severity, each.message, each.hint])).toEqual([
      ['warning', '"upsteam" is none of ordinal, upstream', 'did you mean `upstream`?'],
      ['warning', '"yes" is none of true, false', 'write true or false'],
    ]);
  });

  it('null maps and lists are as good as absent', () => {
    expect(
      codes(
        edited(
          '                image: busybox:1',
          '                image: busybox:1\n                env:\n                resources:',
        ),
      ),
    ).toEqual([]);
  });

  it('a name that stands twice in one file is an error at the second', () => {
    const found = errors(`${good}---\n${good}`);
    expect(found.map((each) => `${each.code} ${each.line}`)).toEqual(['DuplicateName 21']);
  });

  it('an unquoted number in env is an error with the quotes as hint', () => {
    const text = edited(
      'image: busybox:1',
      'image: busybox:1\n                env: [{name: PORT, value: 8000}]',
    );
    expect(errors(text)[0]).toMatchObject({ code: 'WrongType', hint: 'write it in quotes: "8000"' });
  });

  it('aliases and merge keys are resolved, and problems inside them are placed', () => {
    const text = edited('      - name: prefill', '      - &first\n        name: prefill').concat(
      '      - <<: *first\n        name: decode\n',
    );
    expect(of(text).modelServings[0]?.object.spec.template.roles.map((role) => role.name)).toEqual([
      'prefill',
      'decode',
    ]);
  });

  it('an alias bomb is an error, not a hang', () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [at, name] of [...'bcdefgh'].entries()) {
      const before = 'abcdefgh'[at];
      lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`);
    }
    expect(codes(lines.join('\n'))).toEqual(['YamlSyntax']);
  });

  it('an empty text is no ModelServing and no problem', () => {
    expect(of('')).toEqual({ modelServings: [], supporting: [], references: [], diagnostics: [] });
    expect(of('---\n# nothing\n')).toEqual({
      modelServings: [],
      supporting: [],
      references: [],
      diagnostics: [],
    });
  });
});
