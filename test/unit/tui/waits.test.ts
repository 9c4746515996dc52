import { describe, expect, test } from 'vitest';
import type { Hold } from '../../../src/api/types/resources.js';
import { applyChanges } from '../../../src/tui/model/apply-changes.js';
import { waitingFor } from '../../../src/tui/model/selected-serving.js';
import { oneOfEachFirst, waitsInOrder } from '../../../src/tui/model/waits-in-order.js';
import { unicodeGlyphs } from '../../../src/tui/present/glyphs.js';
import { rowText } from '../../../src/tui/present/styled.js';
import { waitingHeight, waitingRows } from '../../../src/tui/present/waiting-rows.js';
import { added, running, scaling } from './sample-models.js';
import { nowMs, servingGroup } from './sample-objects.js';

const hold = (subject: string, reason: string, message = ''): Hold => ({ subject, reason, message });
const subjects = (holds: readonly Hold[]) => holds.map((each) => each.subject);
const predecessor = (ordinal: number) =>
  hold(`G-${ordinal}`, 'PredecessorNotReady', `G-${ordinal} waits until G-${ordinal - 1} is Running`);

describe('what is waited for', () => {
  const holds = [
    ...[5, 6, 4].map(predecessor),
    hold('G-3/prefill-0', 'PodsNotReady'),
    hold('G-3/decode-0', 'ErrImagePull'),
    hold('G-3/decode-1', 'ErrImagePull'),
  ];
  test('has the cause first, then what waits for it', () => {
    expect(subjects(waitsInOrder(holds))).toEqual([
      'G-3/prefill-0',
      'G-3/decode-0',
      'G-3/decode-1',
      'G-4',
      'G-5',
      'G-6',
    ]);
  });
  test('that is alike comes after one of each', () => {
    expect(subjects(oneOfEachFirst(waitsInOrder(holds)))).toEqual([
      'G-3/prefill-0',
      'G-3/decode-0',
      'G-4',
      'G-3/decode-1',
      'G-5',
      'G-6',
    ]);
  });
  test('of a group that no operation works on is said in the words of its instance', () => {
    const message = 'G-3/decode-0 waits until its pods are ready: sample-3-decode-0-0 is not ready';
    const group = servingGroup('sample', 3, 'Creating', ['PodsNotReady', message]);
    const model = applyChanges(running, added('servinggroups', group));
    expect(waitingFor(model)).toEqual([hold('G-3/decode-0', 'PodsNotReady', message)]);
  });
  test('names a subject once, whole where there is room and cut where there is none', () => {
    const [operation] = [...scaling.data.scalingoperations.values()].slice(-1);
    if (!operation) throw new Error('no operation');
    const message = `G-3/decode-0 waits until ${'its pods are ready '.repeat(8)}`;
    const status = { ...operation.status, holds: [hold('G-3/decode-0', 'PodsNotReady', message)] };
    const model = {
      ...scaling,
      data: {
        ...scaling.data,
        servinggroups: new Map(),
        scalingoperations: new Map([['default/x', { ...operation, status }]]),
      },
    };
    const context = { model, glyphs: unicodeGlyphs, nowMs, columns: 60 };
    const whole = waitingRows(context, waitingHeight(context)).slice(1).map(rowText);
    expect(whole.map((text) => text.trim()).join(' ')).toBe(
      `G-3/decode-0 PodsNotReady: ${message.slice('G-3/decode-0 '.length).trim()}`,
    );
    expect(waitingRows(context, 2)).toHaveLength(2);
  });
});
