import { describe, expect, test } from 'vitest';
import { allViews, bindingOf, keyBindings, printKey, type View } from '../../../src/tui/keys.js';
import { asciiGlyphs, unicodeGlyphs } from '../../../src/tui/present/glyphs.js';
import { present } from '../../../src/tui/present/present.js';
import { rowText } from '../../../src/tui/present/styled.js';
import { pressKeys } from './press-keys.js';
import { running } from './sample-models.js';
import { nowMs } from './sample-objects.js';

const views = allViews;

describe('the table of keys', () => {
  test('no key means two things in one view', () => {
    for (const view of views) {
      const keys = keyBindings
        .filter((binding) => binding.views.includes(view))
        .flatMap((binding) => binding.keys);
      expect(keys, view).toEqual([...new Set(keys)]);
    }
  });
  test('the way out and the help are in every view', () => {
    for (const view of views) {
      expect(bindingOf(view, 'q')?.action).toBe('quit');
      expect(bindingOf(view, '?')?.action).toBe('help');
      expect(bindingOf(view, 'escape')?.action).toBe('back');
    }
  });
  test.each([unicodeGlyphs, asciiGlyphs])('the help screen names every key and what it does', (glyphs) => {
    const model = { ...pressKeys(running, '?').model, size: { columns: 160, rows: 80 } };
    const lines = present(model, glyphs, nowMs).rows.map(rowText);
    for (const { action, keys, help } of keyBindings) {
      const line = lines.find(
        (each) => each.trimEnd().endsWith(` ${help}`) && each.includes(printKey(keys[0] ?? '', glyphs.ascii)),
      );
      expect(line, help).toBeDefined();
      if (action !== 'pickServing')
        for (const key of keys) expect(line).toContain(printKey(key, glyphs.ascii));
    }
  });
  test('every key of every view can be pressed in every state without an error', () => {
    for (const view of views)
      for (const key of keyBindings.flatMap((binding) => binding.keys)) {
        const way: Record<View, string[]> = {
          main: [],
          tree: ['t'],
          why: ['y'],
          stages: ['s'],
          events: ['e'],
          details: ['d'],
          logs: ['l'],
          output: [':', ...'version', 'enter'],
          help: ['?'],
        };
        const able = { ...running, can: { commands: true, readOnly: false } };
        const start = pressKeys(able, 'down', 'down', ...way[view]).model;
        expect(start.view).toBe(view);
        const { model } = pressKeys(start, key, 'j', 'k', 'G', 'g');
        expect(present(model, unicodeGlyphs, nowMs).rows).toHaveLength(24);
      }
  });
});
