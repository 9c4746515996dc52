import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PlannedServing } from '../../../src/api/control-types.js';
import { commandEnded } from '../../../src/tui/model/act-on-line.js';
import type { Draft } from '../../../src/tui/model/draft.js';
import { addToLog } from '../../../src/tui/model/log-state.js';
import type { Model } from '../../../src/tui/model/model.js';
import { reduce } from '../../../src/tui/model/reduce.js';
import { takeUsage } from '../../../src/tui/model/usage.js';
import { asciiGlyphs, type Glyphs, unicodeGlyphs } from '../../../src/tui/present/glyphs.js';
import { type Frame, present } from '../../../src/tui/present/present.js';
import { screenText } from '../../../src/tui/present/screen-text.js';
import { rowText, rowWidth } from '../../../src/tui/present/styled.js';
import { cellWidth } from '../../../src/tui/text/cell-width.js';
import type { FailedRun, MeasuredPod } from '../../../src/tui/tui-client.js';
import { type ThemeName, themeNames } from '../../../src/tui/tui-config.js';
import { openTerminal } from '../../../src/tui/widgets/screen.js';
import { fakeTerminal } from './fake-terminal.js';
import { panelStates, panelsWithoutColour } from './panel-states.js';
import { pressKeys } from './press-keys.js';
import * as models from './sample-models.js';
import { nowMs } from './sample-objects.js';

const scaleAsked = pressKeys(models.running, '+').model;
const withOutcome = (model: Model, outcome: object): Model =>
  model.prompt.kind === 'scale'
    ? { ...model, prompt: { kind: 'scale', request: { ...model.prompt.request, outcome: outcome as never } } }
    : model;
const opened = pressKeys(models.running, 'down', 'down', 'enter').model;
const openedGroup = pressKeys(models.running, 'l').model;
const withText = (model: Model, ...texts: readonly string[]): Model => ({
  ...model,
  logs:
    model.logs &&
    addToLog(
      model.logs,
      texts.map((text, stream) => ({ stream, text, skipped: 0 })),
    ),
});
const at = (second: number, text: string) =>
  `2026-07-01T12:00:${String(second).padStart(2, '0')}.25Z ${text}\n`;
const logLines = Array.from(
  { length: 30 },
  (_, index) => `INFO: 127.0.0.1 - "GET /health HTTP/1.1" 200 OK  ${index}`,
);

const one = withText(opened, logLines.map((line) => `${line}\n`).join(''));
const many = withText(
  openedGroup,
  `${at(1, 'Starting to load model')}${at(5, 'a line that is rather long, as those of a server that prints all its arguments often are')}${at(9, 'third')}`,
  at(3, '漢字 between them'),
);
const starting = withText(
  pressKeys(models.running, 'L').model,
  `${at(0, 'vLLM API server version 0.11')}${at(4, 'Loading safetensors checkpoint shards:  50% Completed | 1/2')}`,
  `${at(0, 'vLLM API server version 0.11')}${at(9, 'Capturing CUDA graphs (decode, FULL):  33%|███▎ | 22/67')}`,
  `${at(0, 'vLLM API server version 0.11')}${at(9, 'Application startup complete.')}`,
);

const failedCommand = (model: Model): Model =>
  model.output
    ? commandEnded(model, { ...model.output, exitCode: 5, lines: ['error: no daemon', 'minithena up'] })
    : model;

const plan = {
  namespace: 'default',
  name: 'sample',
  change: 'replicas 2 → 3',
  stages: [
    { cells: ['✅', '✅'], note: 'Before scaling up', startedAt: '' },
    { cells: ['✅', '✅', '⏳'], note: 'G-2 is creating', startedAt: '' },
    { cells: ['✅', '✅', '✅'], note: 'Scale completed', startedAt: '' },
  ],
} satisfies PlannedServing;
const drafted = (outcome: Draft['outcome'], from = '/x/serving.yaml.draft'): Model => {
  const { model } = pressKeys(models.running, 'P');
  return reduce(model, { type: 'drafted', draft: { file: model.draft?.file ?? '', from, outcome } }).model;
};

/** The Why view of the line that the keys lead to, with the daemon's answer. */
const whyOf = (model: Model, failures: readonly FailedRun[] | undefined, ...keys: string[]): Model => {
  const asked = pressKeys(model, ...keys, 'y').model;
  return reduce(asked, { type: 'failures', key: asked.why?.evidence.key ?? '', failures }).model;
};
const { running } = models;
const able: Model = { ...running, can: { commands: true, readOnly: false } };
const treeOpen = pressKeys(models.failing, 't', 'g', 'down', 'down', 'down', 'right').model;

const usedBy = (second: number): MeasuredPod[] =>
  ['sample-0-prefill-0-0', 'sample-0-decode-0-0', 'sample-1-prefill-0-0'].map((name, index) => {
    const usage = { cpu: `${second * 100 * index + 3}m`, memory: `${(5 - second) * 100}Mi` };
    return {
      metadata: { namespace: 'default', name },
      timestamp: String(second),
      containers: [{ name: 'vllm', usage }],
    };
  });
const measured: Model = {
  ...treeOpen,
  usage: [1, 2, 3, 4].reduce((at, second) => takeUsage(at, usedBy(second)), treeOpen.usage),
};

/** States in which a panel looks different beyond what `panelStates` has, at the sizes where it does. */
const screens: [name: string, model: Model, columns: number, rows: number, glyphs?: Glyphs][] = [
  ...panelStates,
  ['running', models.running, 120, 40],
  ['running', models.running, 40, 10],
  ['running-ascii', models.running, 80, 24, asciiGlyphs],
  ['scaling', models.scaling, 80, 24],
  ['scaling', models.scaling, 60, 16],
  ['scaling', models.scaling, 120, 40],
  ['scaling-ascii', models.scaling, 80, 24, asciiGlyphs],
  ['pulling', models.pulling, 80, 24],
  ['pulling', models.pulling, 120, 40, asciiGlyphs],
  ['role-scaling', models.roleScaling, 80, 24],
  ['wide', models.wide, 80, 24],
  ['hundred', models.hundred, 80, 24],
  ['hundred', models.hundred, 120, 40, asciiGlyphs],
  ['hundred', models.hundred, 40, 12],
  ['hundred-stages', pressKeys(models.hundred, 's', 'down', 'down').model, 80, 24],
  ['hundred-moved', pressKeys(models.hundred, '>', '>').model, 80, 24],
  ['hundred-older', pressKeys(models.hundred, '[').model, 80, 24],
  ['invalid', models.invalid, 80, 24],
  ['invalid', models.invalid, 40, 10],
  ['worst', models.worst, 80, 24],
  ['worst', models.worst, 40, 10],
  ['two-servings', models.twoServings, 80, 24],
  ['too-small', models.running, 39, 9],
  ['too-small-scaling', models.scaling, 20, 5],
  ['too-small-worst', models.worst, 20, 5, asciiGlyphs],
  ['too-small-asked', pressKeys(able, ':', ...'get po').model, 20, 5],
  ['too-small-confirm', pressKeys(able, 'R').model, 30, 4],
  ['too-small-failing', models.failing, 20, 5],
  ['too-small-daemon-gone', models.daemonLost, 20, 5],
  ['too-small-nothing', models.nothing, 20, 5],
  ['too-small-connecting', models.connecting, 20, 5],
  ['many-servings', models.manyServings, 120, 16],
  ['help', pressKeys(models.running, '?').model, 80, 60],
  ['help-ascii', pressKeys(models.running, '?').model, 60, 60, asciiGlyphs],
  ['stages', pressKeys(models.scaling, 's').model, 80, 24],
  ['older-operation', pressKeys(models.scaling, '[').model, 80, 24],
  ['events', pressKeys(models.scaling, 'e').model, 80, 24],
  ['filtered', pressKeys(models.scaling, '/', 'i', 'm', 'a', 'g', 'e').model, 80, 24],
  ['details', pressKeys(models.scaling, '/', ...'lates', 'enter', 'G', 'd').model, 80, 24],
  ['tree', pressKeys(models.twoServings, 't').model, 80, 24],
  ['tree-open', treeOpen, 80, 24],
  ['tree-open', treeOpen, 120, 30],
  ['tree-open', treeOpen, 40, 12],
  ['tree-open-ascii', treeOpen, 120, 30, asciiGlyphs],
  ['tree-usage', measured, 140, 30],
  ['tree-usage', measured, 120, 30],
  ['tree-usage-ascii', measured, 140, 30, asciiGlyphs],
  ['tree-sorted', pressKeys(models.failing, 't', 'o').model, 80, 24],
  ['tree-many', pressKeys(models.wide, 't').model, 80, 24],
  ['why-serving', whyOf(models.failing, [models.crash], 't', 'g'), 80, 40],
  ['why-crash', whyOf(models.failing, [models.crash], '/', ...'1-decode', 'enter', 'G'), 80, 50],
  [
    'why-crash-ascii',
    whyOf(models.failing, [models.crash], '/', ...'1-decode', 'enter', 'G'),
    60,
    50,
    asciiGlyphs,
  ],
  ['why-refused', whyOf(models.failing, undefined, '/', ...'1-decode', 'enter', 'G'), 80, 40],
  ['why-unscheduled', whyOf(models.failing, [], '/', ...'2-decode', 'enter', 'G'), 80, 30],
  ['why-pull', whyOf(models.scaling, []), 80, 40],
  ['confirm', pressKeys(able, 'R').model, 80, 24],
  ['confirm', pressKeys(able, 'R').model, 40, 10],
  ['palette', pressKeys(able, ':').model, 80, 24],
  ['palette', pressKeys(able, ':').model, 40, 10],
  ['palette-typed', pressKeys(able, ':', ...'co', 'down').model, 80, 24],
  ['palette-command', pressKeys(able, ':', ...'get pods').model, 80, 24],
  ['palette-ascii', pressKeys(able, ':', 'd').model, 80, 24, asciiGlyphs],
  ['output', pressKeys(able, ':', ...'get pods', 'enter').model, 80, 24],
  ['output-failed', failedCommand(pressKeys(able, 'R', 'y').model), 80, 24],
  ['refused', pressKeys(running, 'R').model, 80, 24],
  ['scale-asking', scaleAsked, 80, 24],
  [
    'scale-planned',
    withOutcome(scaleAsked, {
      state: 'planned',
      stages: [
        { cells: ['✅', '✅'], note: '', startedAt: '' },
        { cells: ['✅', '✅', '⏳'], note: '', startedAt: '' },
        { cells: ['✅', '✅', '✅'], note: '', startedAt: '' },
      ],
    }),
    80,
    24,
  ],
  [
    'scale-refused',
    withOutcome(scaleAsked, { state: 'refused', message: 'spec.replicas is an alias (use its anchor)' }),
    80,
    24,
  ],
  ['events-filtered', pressKeys(models.scaling, 'e', 'w', '/', ...' image').model, 80, 24],
  ['draft-none', drafted({ state: 'waiting' }, ''), 130, 24],
  ['draft', drafted({ state: 'planned', plans: [plan] }), 130, 24],
  ['draft', drafted({ state: 'planned', plans: [plan] }), 80, 24],
  ['draft-same', drafted({ state: 'planned', plans: [{ ...plan, stages: [] }] }), 80, 24],
  [
    'draft-refused',
    drafted({ state: 'refused', message: '/x/serving.yaml.draft:6:13: replicas must be a whole number' }),
    130,
    24,
  ],
  ['draft-stages', pressKeys(drafted({ state: 'planned', plans: [plan] }), 's').model, 80, 24],
  ['logs', one, 80, 24],
  ['logs-searched', pressKeys(one, '/', ...' 2|OK  5', 'enter').model, 80, 24],
  ['logs-not-a-pattern', pressKeys(one, '/', ...'bob(').model, 80, 24],
  ['logs-filtered', pressKeys(one, '&', ...'  1\\d$', 'enter').model, 80, 24],
  ['logs-save', pressKeys(one, 'S').model, 80, 24],
  ['logs-group', many, 80, 24],
  ['logs-group', pressKeys(many, 't').model, 120, 20],
  ['logs-group', many, 40, 10],
  ['logs-group-ascii', pressKeys(many, 't', 'w').model, 80, 24, asciiGlyphs],
  ['logs-starting', starting, 80, 24],
];

interface Drawn {
  readonly name: string;
  readonly model: Model;
  readonly columns: number;
  readonly rows: number;
  readonly glyphs?: Glyphs | undefined;
  readonly theme?: ThemeName;
  readonly color?: boolean;
  readonly term?: string;
}
const goldenOf = (name: string, columns: number, rows: number) =>
  `golden/${name}-${columns}x${rows}.golden.txt`;

/** The frame as the real screen sends it to a terminal's emulator. */
async function drawOnTerminal(
  frame: Frame,
  { columns, rows, theme = 'dark', color = true, term = 'xterm-256color' }: Drawn,
) {
  const terminal = fakeTerminal(columns, rows);
  const { input, output } = terminal;
  const nothing = () => undefined;
  const screen = openTerminal({
    input,
    output,
    color,
    theme,
    mouse: false,
    term,
    onMouse: nothing,
    onKey: nothing,
    onResize: nothing,
  });
  screen.draw(frame.rows);
  await terminal.idle();
  const cells = terminal.cells();
  const text = terminal.text();
  screen.close();
  return { cells, text };
}

const drawn: Drawn[] = [
  ...screens.map(([name, model, columns, rows, glyphs]) => ({ name, model, columns, rows, glyphs })),
  ...themeNames.map((theme) => ({
    name: `theme-${theme}`,
    model: models.failing,
    columns: 80,
    rows: 24,
    theme,
  })),
  ...panelsWithoutColour,
];

describe('screens', () => {
  test.each(drawn)('$name $columns x $rows', async (screen) => {
    const { columns, rows, glyphs = unicodeGlyphs, name } = screen;
    const frame = present({ ...screen.model, size: { columns, rows } }, glyphs, nowMs);
    expect(frame.rows).toHaveLength(rows);
    for (const row of frame.rows) expect(rowWidth(row), rowText(row)).toBeLessThanOrEqual(columns);
    if (glyphs.ascii) for (const row of frame.rows) expect(rowText(row)).toMatch(/^[\x20-\x7e]*$/);
    const { text, cells } = await drawOnTerminal(frame, screen);
    // What the emulator has in its cells is what was meant: no sign pushed another one aside.
    expect(text.join('\n').trimEnd()).toBe(screenText(frame).trimEnd());
    await expect(cells).toMatchFileSnapshot(goldenOf(name, columns, rows));
  });

  test('a terminal that has no colours gets none', async () => {
    const screen = { name: '', model: models.failing, columns: 80, rows: 24 };
    const frame = present({ ...screen.model, size: screen }, unicodeGlyphs, nowMs);
    const { cells } = await drawOnTerminal(frame, { ...screen, term: 'vt100' });
    expect(cells).toBe((await drawOnTerminal(frame, { ...screen, color: false })).cells);
    expect(cells).not.toBe((await drawOnTerminal(frame, screen)).cells);
  });

  test('no golden is left of a screen that is no more', () => {
    const kept = new Set(drawn.map(({ name, columns, rows }) => basename(goldenOf(name, columns, rows))));
    expect(readdirSync(join(import.meta.dirname, 'golden')).filter((file) => !kept.has(file))).toEqual([]);
    expect(kept.size).toBe(drawn.length);
  });

  test('every size down to one cell draws exactly the screen', () => {
    for (const model of screens.map(([, each]) => each))
      for (const columns of [1, 10, 39, 40, 41, 59, 60, 71, 72, 80, 131])
        for (const rows of [1, 3, 9, 10, 11, 13, 14, 17, 24, 60]) {
          const frame = present({ ...model, size: { columns, rows } }, unicodeGlyphs, nowMs);
          expect(frame.rows).toHaveLength(rows);
          for (const row of frame.rows) expect(rowWidth(row)).toBeLessThanOrEqual(columns);
        }
  }, 300_000);

  test('colour says nothing alone: what is coloured has a word or a sign, and the same words have one colour', () => {
    const stylesOf = new Map<string, Set<string>>();
    for (const { model, columns, rows, glyphs = unicodeGlyphs } of drawn)
      for (const { spans } of present({ ...model, size: { columns, rows } }, glyphs, nowMs).rows)
        for (const { text, style } of spans) {
          if (!['good', 'busy', 'bad'].includes(style) || text.trim() === '') continue;
          expect(text).not.toMatch(/^[\d\s/:.,%-]*$/);
          stylesOf.set(text.trim(), (stylesOf.get(text.trim()) ?? new Set()).add(style));
        }
    expect([...stylesOf].filter(([, styles]) => styles.size > 1)).toEqual([]);
  });

  test('what is for reading is not cut', () => {
    for (const { model, columns, rows, glyphs = unicodeGlyphs } of drawn) {
      if (!['stages', 'events', 'details'].includes(model.view) || model.prompt.kind !== 'none') continue;
      const frame = present({ ...model, size: { columns, rows } }, glyphs, nowMs);
      const texts = frame.rows.map(rowText);
      const title = texts.findIndex((text) => text.startsWith(glyphs.line.repeat(2)));
      for (const text of texts.slice(title + 1, -1)) expect(text).not.toContain(glyphs.ellipsis);
    }
  });

  test('a status is its word after its sign', () => {
    const frame = present({ ...models.scaling, size: { columns: 120, rows: 40 } }, unicodeGlyphs, nowMs);
    const lines = frame.rows
      .map(rowText)
      .filter((text) => /^\S? +[▾▸]?.*\d\/\d/.test(text) && !text.includes('groups'));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expect(line).toMatch(/(✅ Running|⏳ \w+|❌ \w+)/);
  });

  test('the columns of the stage board stand under each other', () => {
    const frame = present({ ...models.roleScaling, size: { columns: 100, rows: 40 } }, unicodeGlyphs, nowMs);
    const texts = frame.rows.map(rowText);
    const head = texts.findIndex((text) => text.includes('G-0  G-1'));
    const column = cellWidth((texts[head] ?? '').split('G-3')[0] ?? '');
    for (const stage of texts.slice(head + 1, head + 4)) {
      const beforeFourth = stage.match(/^(Stage \d {2,}(?:\S+ +){3})/)?.[1] ?? '';
      expect(cellWidth(beforeFourth)).toBe(column);
    }
  });
});
