import { describe, expect, test } from 'vitest';
import { applyChanges } from '../../../src/tui/model/apply-changes.js';
import type { Model } from '../../../src/tui/model/model.js';
import { nextTry } from '../../../src/tui/model/next-try.js';
import { reduce } from '../../../src/tui/model/reduce.js';
import { explain } from '../../../src/tui/model/why.js';
import { pressKeys } from './press-keys.js';
import { added, crash, failing, nothing, running, scaling } from './sample-models.js';
import { event, pod, roleInstance, servingGroup } from './sample-objects.js';

const why = (model: Model, id: string) => {
  const found = explain(model, id);
  if (!found) throw new Error(`no line ${id}`);
  return found;
};
const broken = (reason: string, message = '', image = 'sample:1') => {
  const object = pod('sample', 0, 'decode', { ready: false, state: { waiting: { reason, message } } });
  const containers = [{ name: 'vllm', image }];
  return applyChanges(running, added('pods', { ...object, spec: { ...object.spec, containers } }));
};

describe('the chain of reasons', () => {
  test('goes from the ModelServing to the container that is the cause, the worst last', () => {
    expect(why(failing, 'serving default/sample').chain.map((line) => line.name)).toEqual([
      'default/sample',
      'G-2 sample-2',
      'G-1 sample-1',
      'decode-0',
      'sample-1-decode-0-0',
      'vllm',
    ]);
  });
  test('says the holds of the subject and of what is in it, and no others', () => {
    expect(why(scaling, 'group default/sample-3').holds.map((hold) => hold.subject)).toEqual([
      'G-3/decode-0',
    ]);
    expect(why(scaling, 'pod default/sample-3-decode-0-0').holds).toHaveLength(1);
    expect(why(scaling, 'pod default/sample-3-prefill-0-0').holds).toEqual([]);
    expect(why(scaling, 'group default/sample-0').holds).toEqual([]);
  });
  test('has the newest reply of each probe and the arithmetic of the scheduler', () => {
    expect(why(failing, 'group default/sample-1').probes.map((event) => event.message)).toEqual([
      'Readiness probe failed: HTTP probe failed with statuscode: 503: loading',
    ]);
    expect(why(failing, 'group default/sample-2').scheduling).toMatch(/2 requested, 1 free/);
  });
  test('blames an instance that has no pod while it waits to be made again', () => {
    const message = 'G-1/decode-0 failed 4 times and is made again 40 s after the last';
    const waiting = applyChanges(running, [
      ...added('servinggroups', servingGroup('sample', 1, 'Creating', ['BackOff', message])),
      { resource: 'pods', change: { type: 'DELETED', object: pod('sample', 1, 'decode') } },
      { resource: 'roles', change: { type: 'DELETED', object: roleInstance('sample', 1, 'decode') } },
    ]);
    const { blamed, culprit } = why(waiting, 'serving default/sample');
    expect({ name: blamed?.name, culprit }).toEqual({ name: 'sample-1-decode-0-0', culprit: undefined });
    const asked = pressKeys(waiting, 'y');
    expect(asked.effects).toMatchObject([{ type: 'askFailures', pod: 'sample-1-decode-0-0' }]);
    const later = servingGroup('sample', 1, 'Creating', ['BackOff', message.replace('30', '29')]);
    expect(reduce(asked.model, { type: 'changes', batch: added('servinggroups', later) }).effects).toEqual(
      [],
    );
  });
  test('of what was asked about and is gone says what it belonged to', () => {
    const gone = applyChanges(failing, [
      { resource: 'pods', change: { type: 'DELETED', object: pod('sample', 1, 'decode') } },
    ]);
    const { subject, gone: name } = why(gone, 'pod default/sample-1-decode-0-0');
    expect([name, subject.name]).toEqual(['sample-1-decode-0-0', 'decode-0']);
    expect(why(failing, 'pod default/sample-1-decode-0-0').gone).toBeUndefined();
  });
  test('tells no probe of an earlier pod of the same name, nor that one which is ready was not', () => {
    const said = (uid: string, message: string) => {
      const about = event({ kind: 'Pod', name: 'sample-1-decode-0-0' }, 'Warning', 'Unhealthy', message, 3);
      return { ...about, involvedObject: { ...about.involvedObject, uid } };
    };
    const told = applyChanges(
      failing,
      added(
        'events',
        said('of-the-pod-before', 'Liveness probe failed: 1'),
        said('uid-sample-1-decode-0-0', 'Startup probe failed: 2'),
      ),
    );
    const probes = (model: Model) =>
      why(model, 'pod default/sample-1-decode-0-0').probes.map((each) => each.message.split(' ')[0]);
    expect(probes(told)).toEqual(['Startup', 'Readiness']);
    expect(probes(applyChanges(told, added('pods', pod('sample', 1, 'decode'))))).toEqual([]);
  });
  test('has what the ModelServing says of a group, beside the events of its pods', () => {
    const told = applyChanges(
      failing,
      added(
        'events',
        ...['G-1/decode-0 is made anew: exit code 3', 'G-10 is created', 'G-2 waits for G-1'].map((message) =>
          event({ kind: 'ModelServing', name: 'sample' }, 'Normal', 'PodFailed', message, 1),
        ),
      ),
    );
    const eventsOf = (id: string) => why(told, id).events.map((each) => each.message);
    expect(eventsOf('group default/sample-1')[0]).toBe('G-1/decode-0 is made anew: exit code 3');
    expect(eventsOf('group default/sample-1').join()).not.toMatch(/G-10|G-2/);
    expect(eventsOf('role default/sample-1-prefill-0').join()).not.toContain('made anew');
  });
  test('of what is well nobody is to blame', () => {
    expect(why(running, 'group default/sample-0').culprit).toBeUndefined();
    expect(nextTry(running, why(running, 'group default/sample-0'))).toBe('');
  });
  test('what is gone has no reasons', () => expect(explain(running, 'pod default/gone')).toBeUndefined());
});

describe('the next thing to try', () => {
  const pullOf = (message: string) => broken('ErrImagePull', message, 'ghcr.io/x:1');
  test.each<[string, Model, RegExp]>([
    [
      'a name that is not there',
      pullOf('manifest unknown'),
      /correct the name or tag: `docker pull ghcr.io\/x:1`/,
    ],
    ['a pull that is denied', pullOf('unauthorized'), /`docker login`/],
    ['a full disk', pullOf('no space left on device'), /docker system df/],
    ['never pulled', broken('ErrImageNeverPull'), /`docker pull sample:1`/],
    ['out of memory', broken('OOMKilled'), /raise resources.limits.memory of container vllm/],
    [
      'a missing object',
      broken('CreateContainerConfigError', 'configmap "a" not found'),
      /configmap "a" not found/,
    ],
    ['a crash', broken('CrashLoopBackOff'), /`minithena logs sample-0-decode-0-0 -c vllm --previous`/],
    ['being made', broken('ContainerCreating'), /^wait/],
    [
      'no readiness',
      applyChanges(running, added('pods', pod('sample', 0, 'decode', { ready: false }))),
      /its probe/,
    ],
  ])('%s', (_name, model, expected) =>
    expect(nextTry(model, why(model, 'pod default/sample-0-decode-0-0'))).toMatch(expected),
  );
  test('the engine being away comes before all else, with this cluster’s name', () => {
    const { info } = failing;
    if (!info) throw new Error('no info');
    const away = {
      ...failing,
      cluster: 'lab',
      info: { ...info, engine: { ...info.engine, reachable: false } },
    };
    expect(nextTry(away, why(away, 'serving default/sample'))).toMatch(/`minithena doctor --cluster lab`/);
  });
});

describe('the Why view', () => {
  test('asks once for the failures of the pod to blame, and again when that pod ran anew', () => {
    const asked = pressKeys(failing, 't', 'g', 'y');
    expect(asked.effects).toMatchObject([{ type: 'askFailures', pod: 'sample-1-decode-0-0' }]);
    const told = reduce(asked.model, {
      type: 'failures',
      key: asked.model.why?.evidence.key ?? '',
      failures: [crash],
    });
    expect(told.model.why?.evidence).toMatchObject({ state: 'told', failures: [crash] });
    const same = reduce(told.model, { type: 'changes', batch: added('pods', pod('sample', 0, 'decode')) });
    expect(same.effects).toEqual([]);
    const state = { waiting: { reason: 'CrashLoopBackOff' } };
    const again = pod('sample', 1, 'decode', { ready: false, restarts: 3, state });
    const restarted = reduce(told.model, { type: 'changes', batch: added('pods', again) });
    expect(restarted.effects).toMatchObject([{ type: 'askFailures', pod: 'sample-1-decode-0-0' }]);
    expect(restarted.model.why?.evidence.failures).toEqual([crash]);
  });
  test('an answer about an older run is ignored', () => {
    const asked = pressKeys(failing, 't', 'g', 'y').model;
    expect(reduce(asked, { type: 'failures', key: 'old', failures: [crash] }).model).toBe(asked);
  });
  test('is opened from everywhere, and left to where it was called from', () => {
    for (const keys of [['t'], ['s'], ['e'], ['d'], ['?'], ['t', 'd'], ['l']]) {
      const below = pressKeys(running, ...keys).model;
      const opened = pressKeys(below, 'y').model;
      expect(opened.view, keys.join()).toBe('why');
      const left = pressKeys(opened, 'escape').model;
      expect({ view: left.view, under: left.under }).toEqual({ view: below.view, under: below.under });
    }
  });
  test('a log goes on under it', () => {
    const over = pressKeys(running, 'l', 'y');
    expect(over.effects.map((effect) => effect.type)).toEqual(['closeLogs', 'openLog', 'openLog']);
    expect(pressKeys(over.model, 'escape', 'escape').effects).toEqual([{ type: 'closeLogs' }]);
  });
  test('with nothing to ask about it says so', () => {
    expect(pressKeys(nothing, 'y').model).toMatchObject({
      view: 'main',
      flash: { text: /nothing runs yet/ },
    });
  });
});
