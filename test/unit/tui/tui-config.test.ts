import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { allViews, bindingOf, keyBindings, replayBindingsOf } from '../../../src/tui/keys.js';
import { readTuiConfig, tuiConfigPath } from '../../../src/tui/outside/read-tui-config.js';
import type { Style } from '../../../src/tui/present/styled.js';
import { defaultConfig, parseTuiConfig, themeNames } from '../../../src/tui/tui-config.js';
import { looksOf } from '../../../src/tui/widgets/themes.js';

const parse = (text: string) => parseTuiConfig(text, 'tui.yaml');

describe('settings', () => {
  test('each is taken, an empty file is none', () => {
    expect(parse('')).toEqual(defaultConfig);
    expect(parse('# nothing\n')).toEqual(defaultConfig);
    const text = 'theme: light\nmouse: false\nascii: true\nreducedMotion: true\nreadOnly: true\n';
    expect(parse(text)).toEqual({
      theme: 'light',
      mouse: false,
      ascii: true,
      reducedMotion: true,
      readOnly: true,
      bindings: keyBindings,
      problems: [],
    });
  });
  test.each([
    ['theme: pink', /^tui.yaml:1 theme: one of dark, light/],
    ['mouse: true\nmouze: false', /^tui.yaml:2 mouze is no setting; did you mean mouse\?/],
    ['mouse: 1', /^tui.yaml:1 mouse: true or false/],
    ['- a', /^tui.yaml:1 must hold fields/],
    ['a: [', /^tui.yaml:\d/],
    ['keys: 3', /^tui.yaml:1 keys: an action and its keys/],
    ['keys:\n  whi: w', /^tui.yaml:2 whi is no action; did you mean why\?/],
    ['keys:\n  why:', /^tui.yaml:2 why: a key or a list of keys/],
    ['keys:\n  why: [q, C-c]', /^tui.yaml:2 why: that key is needed for quit/],
    ['keys:\n  why: w\n  tree: w', /needed for/],
  ])('%j is told', (text, problem) => {
    const { problems, bindings } = parse(`${text}\n`);
    expect(problems[0]).toMatch(problem);
    for (const action of ['quit', 'help', 'back'])
      expect(bindings.find((each) => each.action === action)?.keys.length).toBeGreaterThan(0);
  });
});

test('what is right beside what is wrong counts', () => {
  const { theme, readOnly, problems } = parse('theme: pink\nreadOnly: true\n');
  expect({ theme, readOnly, count: problems.length }).toEqual({ theme: 'dark', readOnly: true, count: 1 });
});

describe('other keys', () => {
  const { bindings, problems } = parse(
    'keys:\n  why: [w, ctrl-w]\n  details: y\n  pageDown: pgdn\n  tree: f1\n',
  );
  const action = (view: (typeof allViews)[number], key: string) => bindingOf(view, key, bindings)?.action;
  test('take the place of the old ones, written as people write them', () => {
    expect(problems).toEqual([]);
    expect([action('main', 'w'), action('main', 'C-w'), action('main', 'y')]).toEqual([
      'why',
      'why',
      'details',
    ]);
    expect([action('main', 't'), action('main', 'f1')]).toEqual([undefined, 'tree']);
    expect([action('main', 'pagedown'), action('main', 'C-f')]).toEqual(['pageDown', undefined]);
  });
  test('what they take from another action is gone there, so that no key means two things', () => {
    for (const table of [bindings, replayBindingsOf(bindings)])
      for (const view of allViews) {
        const keys = table.filter((each) => each.views.includes(view)).flatMap((each) => each.keys);
        expect(keys, view).toEqual([...new Set(keys)]);
      }
  });
  test('two actions can change places', () => {
    const swapped = parse('keys: { why: d, details: y }');
    expect(swapped.problems).toEqual([]);
    expect(bindingOf('main', 'd', swapped.bindings)?.action).toBe('why');
    expect(bindingOf('main', 'y', swapped.bindings)?.action).toBe('details');
  });
});

describe('the file', () => {
  const home = mkdtempSync(join(tmpdir(), 'tui-config-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  test('is in the folder for settings; without one nothing is said', () => {
    expect(tuiConfigPath({ XDG_CONFIG_HOME: home })).toBe(join(home, 'minithena', 'tui.yaml'));
    expect(tuiConfigPath({ XDG_CONFIG_HOME: 'relative' })).toMatch(/^\/.*\.config\/minithena\/tui\.yaml$/);
    expect(readTuiConfig({ XDG_CONFIG_HOME: home })).toBe(defaultConfig);
    mkdirSync(join(home, 'minithena'));
    writeFileSync(join(home, 'minithena', 'tui.yaml'), 'theme: light\n');
    expect(readTuiConfig({ XDG_CONFIG_HOME: home }).theme).toBe('light');
  });
  test('that cannot be read keeps nothing away', () => {
    mkdirSync(join(home, 'other', 'minithena', 'tui.yaml'), { recursive: true });
    expect(readTuiConfig({ XDG_CONFIG_HOME: join(home, 'other') }).problems[0]).toMatch(/EISDIR/);
  });
});

describe('themes', () => {
  const styles = Object.keys(looksOf('dark', true)) as Style[];
  test.each(themeNames)('%s tells good, busy and bad apart; without colour it uses none', (theme) => {
    const looks = looksOf(theme, true);
    expect(new Set([looks.good, looks.busy, looks.bad, looks.plain]).size).toBe(4);
    const foreground = (attribute: number) => (attribute >> 9) & 0x1ff;
    for (const style of styles) expect(foreground(looksOf(theme, false)[style]), style).toBe(0x1ff);
  });
});
