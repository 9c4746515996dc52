import { describe, expect, test } from 'vitest';
import { podSummary } from '../../../src/api/pod-summary.js';
import { applyChanges } from '../../../src/tui/model/apply-changes.js';
import type { Model } from '../../../src/tui/model/model.js';
import { type Message, reduce } from '../../../src/tui/model/reduce.js';
import { eventsOf, selectedServing, waitingFor } from '../../../src/tui/model/selected-serving.js';
import { selectedLine, treeLines } from '../../../src/tui/model/tree.js';
import { pressKeys } from './press-keys.js';
import { added, nothing, running, scaling, twoServings, wide } from './sample-models.js';
import { event, modelServing, pod, roleInstance, servingGroup } from './sample-objects.js';

const send = (model: Model, ...messages: Message[]): Model =>
  messages.reduce((at, message) => reduce(at, message).model, model);
const names = (model: Model) => treeLines(model).map((line) => line.name);

describe('what is heard', () => {
  test('changes replace, add and delete', () => {
    const ready = pod('sample', 0, 'decode', { restarts: 3 });
    const after = applyChanges(running, [
      { resource: 'pods', change: { type: 'MODIFIED', object: ready } },
      { resource: 'servinggroups', change: { type: 'DELETED', object: servingGroup('sample', 1) } },
    ]);
    expect(after.data.pods.get('default/sample-0-decode-0-0')).toBe(ready);
    expect(after.data.servinggroups.size).toBe(1);
    expect(running.data.servinggroups.size).toBe(2);
  });
  test('what a pod and its ModelServing tell in the same words is one event', () => {
    const drill = event({ kind: 'Pod', name: 'sample-0-decode-0-0' }, 'Warning', 'ChaosKill', 'killed', 1);
    const same = 'sample-0-decode-0-0: killed';
    const told = applyChanges(running, [
      ...added('events', drill),
      ...added('events', event({ kind: 'ModelServing', name: 'sample' }, 'Warning', 'ChaosKill', same, 1)),
    ]);
    expect(eventsOf(told).filter((each) => each.reason === 'ChaosKill')).toEqual([drill]);
  });
  test('a batch without changes of a resource keeps its map, so that nothing is computed anew', () => {
    const after = applyChanges(running, added('pods', pod('sample', 0, 'decode')));
    expect(after.data.events).toBe(running.data.events);
    expect(after.data.pods).not.toBe(running.data.pods);
  });
  test('it is live when every list is complete, and lost when one watch breaks', () => {
    expect(running.connection).toEqual({ state: 'live' });
    const lost = applyChanges(running, [
      { resource: 'pods', change: { type: 'DISCONNECTED', message: 'ECONNREFUSED' } },
    ]);
    expect(lost.connection).toEqual({ state: 'lost', message: 'ECONNREFUSED' });
    expect(lost.data.pods.size).toBe(4);
  });
  test('what was deleted while the daemon was away is dropped when the list is complete again', () => {
    const kept = pod('sample', 0, 'decode');
    const back = applyChanges(running, [
      { resource: 'pods', change: { type: 'DISCONNECTED' } },
      { resource: 'pods', change: { type: 'ADDED', object: kept } },
      { resource: 'pods', change: { type: 'SYNCED' } },
    ]);
    expect([...back.data.pods.keys()]).toEqual(['default/sample-0-decode-0-0']);
    expect(back.connection).toEqual({ state: 'live' });
  });
});

describe('the tree', () => {
  test('groups by ordinal, roles in the order of the spec, pods below', () => {
    expect(names(running).slice(0, 6)).toEqual([
      'G-0 sample-0',
      'prefill-0',
      'sample-0-prefill-0-0',
      'decode-0',
      'sample-0-decode-0-0',
      'G-1 sample-1',
    ]);
  });
  test('ordinals sort as numbers', () => {
    const groups = names(wide).filter((name) => name.startsWith('G-'));
    expect(groups[10]).toBe('G-10 sample-10');
  });
  test('until a line is chosen, the first group that is not Running is selected', () => {
    expect(selectedLine(scaling)?.name).toBe('G-3 sample-3');
    expect(selectedLine(running)?.name).toBe('G-0 sample-0');
  });
  test('the selection stays on its line when others come and go, and moves to what it belonged to when its own goes', () => {
    const chosen = pressKeys(running, 'down', 'down', 'down').model;
    expect(selectedLine(chosen)?.name).toBe('decode-0');
    const more = applyChanges(
      chosen,
      added('pods', {
        ...pod('sample', 0, 'prefill'),
        metadata: { ...pod('sample', 0, 'prefill').metadata, name: 'sample-0-prefill-0-1' },
      }),
    );
    expect(selectedLine(more)?.name).toBe('decode-0');
    const gone = applyChanges(chosen, [
      { resource: 'roles', change: { type: 'DELETED', object: roleInstance('sample', 0, 'decode') } },
    ]);
    expect(selectedLine(gone)?.name).toBe('G-0 sample-0');
    // It comes back by the same name: then it is the chosen one again.
    const back = applyChanges(gone, added('roles', roleInstance('sample', 0, 'decode')));
    expect(selectedLine(back)?.name).toBe('decode-0');
    const ofGroup = pressKeys(running, 'G', 'left', 'left', 'left').model;
    const groups = applyChanges(ofGroup, [
      { resource: 'servinggroups', change: { type: 'DELETED', object: servingGroup('sample', 1) } },
    ]);
    expect(selectedLine(groups)?.name).toBe('sample-0-decode-0-0');
  });
  test('closing hides what is below; ← goes up; the filter finds what is closed', () => {
    const closed = pressKeys(running, 'enter').model;
    expect(names(closed).slice(0, 2)).toEqual(['G-0 sample-0', 'G-1 sample-1']);
    expect(names(pressKeys(closed, '/', ...'0-decode').model)).toEqual([
      'G-0 sample-0',
      'decode-0',
      'sample-0-decode-0-0',
    ]);
    const left = pressKeys(running, 'down', 'down', 'left').model;
    expect(selectedLine(left)?.name).toBe('prefill-0');
  });
  test('esc drops a filter that is typed, and clears one that was kept', () => {
    expect(pressKeys(running, '/', 'x', 'escape').model.filter).toBe('');
    const kept = pressKeys(running, '/', 'd', 'e', 'enter').model;
    expect(kept.filter).toBe('de');
    expect(pressKeys(kept, 'q').effects).toEqual([{ type: 'quit' }]);
    expect(pressKeys(kept, 'escape').model.filter).toBe('');
  });
  test('q is a letter while a filter is typed, ctrl-c quits even then', () => {
    expect(pressKeys(running, '/', 'q').effects).toEqual([]);
    expect(pressKeys(running, '/', 'C-c').effects).toEqual([{ type: 'quit' }]);
  });
});

describe('several ModelServings', () => {
  test('tab and numbers switch', () => {
    expect(selectedServing(twoServings)?.metadata.name).toBe('other');
    expect(selectedServing(pressKeys(twoServings, 'tab').model)?.metadata.name).toBe('sample');
    expect(selectedServing(pressKeys(twoServings, '2').model)?.metadata.name).toBe('sample');
    expect(selectedServing(pressKeys(twoServings, '7').model)?.metadata.name).toBe('other');
  });
  test('an event belongs to the serving of its pod, also when one name begins another and the pod is gone', () => {
    const two = applyChanges(nothing, [
      ...added('modelservings', modelServing('a', 1), modelServing('a-b', 1)),
      ...added(
        'events',
        event({ kind: 'Pod', name: 'a-b-0-decode-0-0' }, 'Normal', 'Killing', 'x', 1),
        event({ kind: 'Pod', name: 'a-0-decode-0-0' }, 'Normal', 'Killing', 'y', 1),
      ),
    ]);
    expect(eventsOf({ ...two, serving: 'default/a' }).map((each) => each.message)).toEqual(['y']);
    expect(eventsOf({ ...two, serving: 'default/a-b' }).map((each) => each.message)).toEqual(['x']);
  });
});

describe('waiting for', () => {
  test('a reason is said once, by the hold that names it most closely', () => {
    expect(waitingFor(scaling).map((hold) => hold.subject)).toEqual(['G-3/decode-0']);
  });
  test('without an operation, a group that is not Running says why', () => {
    const broken = applyChanges(
      running,
      added('servinggroups', servingGroup('sample', 1, 'Creating', ['PodFailed', 'exit code 1'])),
    );
    expect(waitingFor(broken)).toEqual([{ subject: 'G-1', reason: 'PodFailed', message: 'exit code 1' }]);
  });
});

describe('scaling from the keyboard', () => {
  test('+ asks what it would do, enter does it, and the answer closes the question', () => {
    const asked = pressKeys(running, '+');
    expect(asked.effects).toMatchObject([{ type: 'plan', edit: { replicas: 3 } }]);
    const again = pressKeys(asked.model, '+');
    expect(again.effects).toMatchObject([{ type: 'plan', edit: { replicas: 4 } }]);
    const done = pressKeys(again.model, 'enter');
    expect(done.effects).toMatchObject([{ type: 'scale', edit: { replicas: 4 } }]);
    const { prompt } = done.model;
    if (prompt.kind !== 'scale') throw new Error('no prompt');
    const after = send(done.model, { type: 'scaled', request: prompt.request });
    expect(after.prompt).toEqual({ kind: 'none' });
    expect(after.flash?.text).toBe('replicas 2 → 4 is written to the file');
  });
  test('on a role or its pod, that role is scaled', () => {
    expect(pressKeys(running, 'down', '+').effects).toMatchObject([
      { edit: { roleReplicas: { prefill: 2 } } },
    ]);
    expect(pressKeys(running, 'down', 'down', 'down', 'down', '-').effects).toMatchObject([
      { edit: { roleReplicas: { decode: 0 } } },
    ]);
  });
  test('never below 0, and no change is no call', () => {
    const down = pressKeys(running, '-', '-', '-', '-');
    expect(down.effects.at(-1)).toMatchObject({ edit: { replicas: 0 } });
    expect(pressKeys(running, '+', '-', 'enter').effects.map((effect) => effect.type)).toEqual([
      'plan',
      'plan',
    ]);
  });
  test('esc leaves everything as it is', () => {
    const { model, effects } = pressKeys(running, '+', 'escape');
    expect(effects.map((effect) => effect.type)).toEqual(['plan']);
    expect(model.prompt).toEqual({ kind: 'none' });
  });
  test('an answer to an older question is ignored, a refusal stays on screen', () => {
    const asked = pressKeys(running, '+').model;
    if (asked.prompt.kind !== 'scale') throw new Error('no prompt');
    const old = asked.prompt.request;
    const further = pressKeys(asked, '+').model;
    expect(send(further, { type: 'planned', request: old, stages: [] })).toEqual(further);
    const refused = send(asked, { type: 'refused', request: old, message: 'the value is an alias' });
    expect(refused.prompt).toMatchObject({
      request: { outcome: { state: 'refused', message: 'the value is an alias' } },
    });
  });
});

describe('pod states are kubectl’s words', () => {
  const waiting = (reason: string) => ({ ready: false, state: { waiting: { reason } }, phase: 'Pending' });
  test.each([
    ['Running', 'good', pod('s', 0, 'r')],
    ['Running', 'busy', pod('s', 0, 'r', { ready: false })],
    ['ContainerCreating', 'busy', pod('s', 0, 'r', waiting('ContainerCreating'))],
    ['CrashLoopBackOff', 'bad', pod('s', 0, 'r', waiting('CrashLoopBackOff'))],
    [
      'OOMKilled',
      'bad',
      pod('s', 0, 'r', { ready: false, state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }),
    ],
    ['ExitCode:3', 'bad', pod('s', 0, 'r', { ready: false, state: { terminated: { exitCode: 3 } } })],
    [
      'Terminating',
      'busy',
      {
        ...pod('s', 0, 'r'),
        metadata: { ...pod('s', 0, 'r').metadata, deletionTimestamp: '2026-08-01T12:00:00Z' },
      },
    ],
  ])('%s is %s', (word, level, object) => expect(podSummary(object)).toMatchObject({ word, level }));
});
