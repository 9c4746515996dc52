import { podNotes } from '../../../src/api/schema/pod-notes.js';
import { podTemplateShape } from '../../../src/api/schema/pod-shape.js';
import type { Field } from '../../../src/api/schema/shape.js';
import type { RoleSpec } from '../../../src/api/types/model-serving.js';
import { factsOf } from '../../../src/core/change-of.js';
import { simulate } from '../../../src/core/simulate.js';
import { stageTable } from '../../../src/core/stage-table.js';
import type { Desired } from '../../../src/core/types.js';
import { errorCodes } from '../../../src/lib/error-codes.js';
import { keySections, printKeys } from '../../../src/tui/key-sections.js';
import { allViews, keyBindings, replayBindings } from '../../../src/tui/keys.js';
import { role, running, wanted } from '../core/world.js';

const roles = (prefill = 1, image = 'a'): RoleSpec[] => [
  role('prefill', prefill, image),
  role('decode', 1, image),
];
const table = (before: Desired, after: Desired): string =>
  stageTable(simulate(after, running(before), 0, factsOf(before)));

/** The tables of docs/scaling.md by the names in its comments, from the functions that decide. */
export const tables: Record<string, string> = {
  'groups up': table(wanted(3, roles()), wanted(4, roles())),
  'groups down': table(wanted(4, roles()), wanted(2, roles())),
  'roles up': table(wanted(4, roles()), wanted(4, roles(2))),
  both: table(wanted(2, roles()), wanted(3, roles(2))),
  'roll-out': table(wanted(4, roles()), wanted(4, roles(1, 'b'))),
};

/** Every `<!-- table NAME -->` … `<!-- end -->` with its table as the program prints it. */
export const withTables = (text: string): string =>
  text.replace(
    /<!-- table ([^>]+) -->[\s\S]*?<!-- end -->/g,
    (_all, name: string) => `<!-- table ${name} -->\n${tables[name] ?? `no table ${name}`}\n<!-- end -->`,
  );

/** docs/keys.md: what stands between its comments, from the table of keys; the words around it are kept. */
export const keysPage = (before: string): string =>
  before.replace(/<!-- keys (\w+) -->[\s\S]*?<!-- end -->/g, (_all, name: string) =>
    [
      `<!-- keys ${name} -->`,
      ...(name === 'replay' ? replaySections() : keySections(keyBindings)).flatMap(({ title, bindings }) => [
        '',
        `### ${title}`,
        '',
        '| keys | what they do | where | action |',
        '|---|---|---|---|',
        ...bindings.map(
          (each) =>
            `| ${printKeys(each, false).split(' ').map(keyCell).join(' ')} | ${each.help} | ${whereOf(each.views)} | \`${each.action}\` |`,
        ),
      ]),
      '',
      '<!-- end -->',
    ].join('\n'),
  );

const keyCell = (key: string): string => (key === '...' ? '…' : `\`${key}\``);
const whereOf = (views: readonly string[]): string =>
  views.length === allViews.length ? 'everywhere' : views.join(', ');
const replaySections = () => [
  {
    title: 'Replay',
    bindings: replayBindings.filter((each) => !keyBindings.some((own) => own.action === each.action)),
  },
];

export const errorsPage = (): string =>
  [
    '# Errors',
    '',
    'Every error has a code, says what happened and names one thing to do. `retry` says whether the same call may succeed later by itself;',
    'the exit code is that of the command line. This page is made from `src/lib/error-codes.ts`.',
    '',
    '| code | what it says | retry | HTTP | exit |',
    '|---|---|---|---|---|',
    ...Object.entries(errorCodes).map(
      ([code, { title, retry, http, exit }]) => `| \`${code}\` | ${title} | ${retry} | ${http} | ${exit} |`,
    ),
    '',
    'Exit codes: 0 done · 1 failed · 2 `plan` found changes · 64 usage · 65 the YAML does not validate · 69 engine or daemon out of reach · 124 timed out.',
    '',
  ].join('\n');

/** The table of docs/pods.md: every field of a pod template with what it does or why it does nothing. Throws for a field that has neither. */
export function podsPage(before: string): string {
  const rows: string[] = [];
  const used = new Set<string>();
  const visit = (shape: Field, path: string, covered: boolean) => {
    const note = podNotes[path];
    if (note !== undefined) used.add(path);
    if (shape.ignored !== undefined) {
      rows.push(`| \`${path}\` | no effect: ${shape.ignored} |`);
      return;
    }
    if (note !== undefined) rows.push(`| \`${path}\` | ${note} |`);
    const isCovered = covered || note !== undefined;
    if (shape.kind === 'object')
      for (const [name, field] of Object.entries(shape.fields))
        visit(field, path === '' ? name : `${path}.${name}`, isCovered);
    else if (shape.kind === 'list')
      visit(shape.of, path === 'spec.initContainers' ? path : `${path}[]`, isCovered);
    else if (!isCovered) throw new Error(`docs/pods.md: ${path} has no note in pod-notes.ts`);
  };
  visit(podTemplateShape, '', false);
  for (const path of Object.keys(podNotes)) if (!used.has(path)) throw new Error(`${path} is no field`);
  const unique = rows.filter((row) => !row.startsWith('| `spec.initContainers.'));
  const table = ['| field | here |', '|---|---|', ...unique].join('\n');
  return before.replace(
    /(<!-- fields -->\n)[\s\S]*(<!-- \/fields -->)/,
    (_all, begin: string, end: string) => `${begin}\n${table}\n\n${end}`,
  );
}
