import { describe, expect, test } from 'vitest';
import { applyChanges } from '../../../src/tui/model/apply-changes.js';
import { addressOf, gpusOf } from '../../../src/tui/model/line-places.js';
import type { Model } from '../../../src/tui/model/model.js';
import { selectedServing } from '../../../src/tui/model/selected-serving.js';
import { podsUnder, selectedLine, treeLines } from '../../../src/tui/model/tree.js';
import { detailsRows } from '../../../src/tui/present/details-rows.js';
import { unicodeGlyphs } from '../../../src/tui/present/glyphs.js';
import { reasonsOf } from '../../../src/tui/present/reasons-of.js';
import { rowText } from '../../../src/tui/present/styled.js';
import { pressKeys } from './press-keys.js';
import { added, failing, running, twoServings, wide } from './sample-models.js';
import { event, nowMs, pod, servingGroup } from './sample-objects.js';

const names = (model: Model) => treeLines(model).map((line) => line.name);

describe('the tree of all', () => {
  const tree = pressKeys(twoServings, 't').model;
  test('has every ModelServing with what it is made of', () => {
    expect(names(tree).filter((name) => name.includes('/'))).toEqual(['default/other', 'default/sample']);
    expect(
      treeLines(tree)
        .map((line) => line.depth)
        .slice(0, 4),
    ).toEqual([0, 1, 2, 3]);
  });
  test('begins at the ModelServing on screen, and the one that is gone to is on screen afterwards', () => {
    expect(selectedLine(tree)?.name).toBe('default/other');
    const last = pressKeys(tree, 'G').model;
    expect(selectedServing(last)?.metadata.name).toBe('sample');
    expect(pressKeys(last, 't').model).toMatchObject({ view: 'main', serving: 'default/sample' });
  });
  test('+ scales what the line belongs to', () => {
    expect(pressKeys(tree, 'G', '+').effects).toMatchObject([
      { request: { name: 'sample', role: 'decode' } },
    ]);
    expect(pressKeys(tree, 'g', '+').effects).toMatchObject([
      { request: { name: 'other', role: undefined } },
    ]);
  });
});

describe('containers', () => {
  const opened = pressKeys(running, 'down', 'down', 'space').model;
  test('are below their pod, and enter opens the log of one', () => {
    expect(names(opened).slice(2, 4)).toEqual(['sample-0-prefill-0-0', 'vllm']);
    expect(pressKeys(opened, 'down', 'enter').effects).toMatchObject([
      { type: 'closeLogs' },
      { type: 'openLog', place: { pod: 'sample-0-prefill-0-0', container: 'vllm' } },
    ]);
  });
  test.each([
    [{ running: { startedAt: '2026-08-01T11:00:00Z' } }, true, 'Running', 'good', ''],
    [{ running: { startedAt: '2026-08-01T11:00:00Z' } }, false, 'Running', 'busy', 'not ready'],
    [{ terminated: { exitCode: 0, reason: 'Completed' } }, false, 'Completed', 'good', ''],
    [{ terminated: { exitCode: 3 } }, false, 'ExitCode:3', 'bad', 'exit code 3'],
    [{ waiting: { reason: 'ContainerCreating' } }, false, 'ContainerCreating', 'busy', ''],
    [{ waiting: { reason: 'ErrImagePull', message: 'no' } }, false, 'ErrImagePull', 'bad', 'no'],
  ] as const)('%j', (state, ready, word, level, reason) => {
    const changed = applyChanges(opened, added('pods', pod('sample', 0, 'prefill', { ready, state })));
    expect(treeLines(changed)[3]).toMatchObject({ kind: 'container', word, level, reason });
  });
});

describe('with many pods', () => {
  test('what is Running is closed, what is not stays open, and what somebody opened stays as it was put', () => {
    expect(names(wide)).toHaveLength(40);
    const opened = pressKeys(wide, 'right').model;
    expect(names(opened)).toHaveLength(42);
    const busy = applyChanges(
      opened,
      added('servinggroups', servingGroup('sample', 7, 'Creating', ['PodLost', ''])),
    );
    expect(names(busy)).toHaveLength(44);
    const closed = pressKeys(opened, 'left').model;
    expect(
      names(applyChanges(closed, added('servinggroups', servingGroup('sample', 0, 'Creating')))),
    ).toHaveLength(40);
  });
  test('pods below a closed line are found', () => {
    const [first] = treeLines(wide);
    expect(first && podsUnder(wide, first).map((each) => each.metadata.name)).toEqual([
      'sample-0-prefill-0-0',
      'sample-0-decode-0-0',
    ]);
  });
});

test('the order goes round: by name, trouble first, most restarts, youngest', () => {
  const groups = (model: Model) =>
    treeLines(model).flatMap((line) => (line.kind === 'group' ? line.group.spec.ordinal : []));
  const orders = [[], ['o'], ['o', 'o'], ['o', 'o', 'o'], ['o', 'o', 'o', 'o']].map((keys) =>
    groups(pressKeys(failing, ...keys).model),
  );
  expect(orders).toEqual([
    [0, 1, 2],
    [1, 2, 0],
    [0, 1, 2],
    [2, 1, 0],
    [0, 1, 2],
  ]);
});

test('the line that was selected stays selected when the order changes', () => {
  const chosen = pressKeys(failing, 'g').model;
  expect(selectedLine(pressKeys(chosen, 'o').model)?.name).toBe('G-0 sample-0');
});

test('an address is that of this machine where a port is published; GPUs by their ids', () => {
  const lines = treeLines(pressKeys(failing, 'g', '/', ...'1-prefill').model);
  const line = lines.find((each) => each.kind === 'pod');
  expect(line && [addressOf(line), gpusOf(line)]).toEqual(['127.0.0.1:49152', '0,1']);
  expect(lines[0] && [addressOf(lines[0]), gpusOf(lines[0])]).toEqual(['', '']);
});

describe('the reason of a line', () => {
  const texts = (model: Model, ids: RegExp) => {
    const lines = treeLines(pressKeys(model, 't').model);
    const reasons = reasonsOf({ model, glyphs: unicodeGlyphs, nowMs, columns: 120 }, lines);
    return reasons.filter((_, index) => ids.test(lines[index]?.id ?? ''));
  };
  test('does not say again what the line is called', () => {
    const message = 'G-1/decode-0 waits until its pods are ready: sample-1-decode-0-0 is Pending';
    const waiting = applyChanges(running, [
      ...added('servinggroups', servingGroup('sample', 1, 'Creating', ['PodsNotReady', message])),
    ]);
    expect(texts(waiting, /^group .*-1$/)).toEqual([
      'PodsNotReady: decode-0 waits until its pods are ready: sample-1-decode-0-0 is Pending',
    ]);
  });
  test('of a pod that runs and is not ready is the last reply of its probe', () => {
    const unready = applyChanges(
      running,
      added('pods', pod('sample', 1, 'decode', { ready: false, state: { running: {} } })),
    );
    const told = (uid: string, reply: string, secondsAgo: number) => {
      const about = event(
        { kind: 'Pod', name: 'sample-1-decode-0-0' },
        'Warning',
        'Unhealthy',
        reply,
        secondsAgo,
      );
      return added('events', { ...about, involvedObject: { ...about.involvedObject, uid } });
    };
    const model = applyChanges(unready, [
      ...told('uid-sample-1-decode-0-0', 'Readiness probe failed: 503', 2),
      ...told('uid-sample-1-decode-0-0', 'Readiness probe failed: connect ECONNREFUSED', 9),
      ...told('of-the-pod-before', 'Liveness probe failed: 500', 1),
    ]);
    expect(texts(model, /^pod .*1-decode/)).toEqual(['Readiness: 503']);
  });
  test('of a pod whose container ended is the exit code', () => {
    const state = { terminated: { exitCode: 3, reason: 'Error' } };
    const ended = applyChanges(running, added('pods', pod('sample', 1, 'decode', { ready: false, state })));
    expect(texts(ended, /^pod .*1-decode/)).toEqual(['exit code 3']);
  });
});

test('the details of a pod have its ports and GPUs', () => {
  const model = pressKeys(failing, 't', '/', ...'1-prefill', 'enter', 'G', 'd').model;
  const texts = detailsRows({ model, glyphs: unicodeGlyphs, nowMs, columns: 120 }).map(rowText);
  expect(texts.find((text) => text.startsWith('Ports'))).toMatch(/8000 at 127\.0\.0\.1:49152$/);
  expect(texts.find((text) => text.startsWith('GPUs'))).toMatch(/0,1$/);
});
