import { describe, expect, test } from 'vitest';
import { applyChanges } from '../../../src/tui/model/apply-changes.js';
import { type Model, startModel } from '../../../src/tui/model/model.js';
import { paletteEntries, splitWords } from '../../../src/tui/model/palette.js';
import { reduce } from '../../../src/tui/model/reduce.js';
import { pressKeys } from './press-keys.js';
import { added, failing, running } from './sample-models.js';
import { modelServing } from './sample-objects.js';

const able: Model = { ...running, can: { commands: true, readOnly: false } };
const onPod = ['down', 'down'];
const words = (model: Model, ...keys: string[]) =>
  pressKeys(model, ...keys).effects.flatMap((effect) =>
    effect.type === 'run' ? [effect.request.words.join(' ')] : [],
  );

describe('actions', () => {
  test.each<[string, string[], string]>([
    ['restart', ['R', 'y'], 'rollout restart sample'],
    ['roll back', ['U', 'enter'], 'rollout undo sample'],
    ['delete a pod', [...onPod, 'D', 'y'], 'delete pod sample-0-prefill-0-0'],
    ['a drill', [...onPod, 'K', 'y'], 'chaos kill sample-0-prefill-0-0'],
    [
      'a drill on a container',
      [...onPod, 'right', 'down', 'K', 'y'],
      'chaos kill sample-0-prefill-0-0 -c vllm',
    ],
    ['a shell, in the first pod below', ['x'], 'exec -it sample-0-prefill-0-0 -- sh'],
  ])('%s is a command line', (_name, keys, expected) => expect(words(able, ...keys)).toEqual([expected]));

  test('what changes something asks, and says the command line that does the same', () => {
    const asked = pressKeys({ ...able, cluster: 'lab' }, 'R');
    expect(asked.effects).toEqual([]);
    expect(asked.model.prompt).toMatchObject({
      kind: 'confirm',
      request: { text: 'minithena rollout restart sample --cluster lab' },
    });
    expect(pressKeys(asked.model, 'n')).toMatchObject({ model: { prompt: { kind: 'none' } }, effects: [] });
  });

  test('the namespace is named where it is not the default one', () => {
    const other = modelServing('sample', 1);
    const moved = { ...other, metadata: { ...other.metadata, namespace: 'lab' } };
    const model = { ...applyChanges(able, added('modelservings', moved)), serving: 'lab/sample' };
    expect(words(model, 't', 'R', 'y')).toEqual(['rollout restart sample -n lab']);
  });

  test.each<[string, Model, string[], RegExp]>([
    ['a group is not deleted', able, ['D'], /select a pod: groups and role instances go by scaling/],
    ['nor killed', able, ['K'], /select a pod or container/],
    ['read-only', { ...able, can: { commands: true, readOnly: true } }, ['R'], /--read-only/],
    ['read-only does not scale', { ...able, can: { commands: true, readOnly: true } }, ['+'], /--read-only/],
    ['no address yet', failing, ['/', ...'2-decode', 'enter', 'G', 'a'], /no address yet/],
    ['without a program', running, ['R'], /no commands can be run from here/],
    ['no such ModelServing', running, ['7'], /there is no ModelServing 7/],
    ['no other ModelServing', running, ['tab'], /there is no other ModelServing/],
    ['nothing to scale', startModel('lab', running.size), ['+'], /no ModelServing to scale yet/],
  ])('%s', (_name, model, keys, why) => {
    const { model: after, effects } = pressKeys(model, ...keys);
    expect(effects).toEqual([]);
    expect(after.flash).toMatchObject({ bad: true, text: expect.stringMatching(why) as unknown });
  });

  test('names and addresses are copied, also from where nothing can be changed', () => {
    const still = { ...able, can: { commands: false, readOnly: true } };
    expect(pressKeys(still, 'n').effects).toEqual([{ type: 'copy', text: 'sample-0' }]);
    expect(pressKeys(still, 'a').effects).toEqual([{ type: 'copy', text: '172.18.0.5' }]);
  });

  test('the file is opened at what is selected', () => {
    const file = 'examples/prefill-decode.yaml';
    const opened = (...keys: string[]) => pressKeys(able, ...keys, 'E').effects;
    const at = (role?: string, container?: string) => [
      { type: 'edit', file, namespace: 'default', name: 'sample', role, container },
    ];
    expect(opened()).toEqual(at());
    expect(opened('down')).toEqual(at('prefill'));
    expect(opened(...onPod)).toEqual(at('prefill'));
    expect(opened(...onPod, 'right', 'down')).toEqual(at('prefill', 'vllm'));
  });

  test.each([
    ['None', /^delete sample-0-prefill-0-0 \(it is made again\)$/],
    ['RoleRecreate', /RoleRecreate: prefill-0 is made anew with all its pods/],
    ['ServingGroupRecreate', /ServingGroupRecreate: sample-0 is made anew with all its pods/],
  ] as const)('a pod is not deleted before what that causes is said: %s', (recoveryPolicy, what) => {
    const serving = modelServing('sample', 2);
    const model = applyChanges(
      able,
      added('modelservings', { ...serving, spec: { ...serving.spec, recoveryPolicy } }),
    );
    expect(pressKeys(model, ...onPod, 'D').model.prompt).toMatchObject({
      request: { what: expect.stringMatching(what) as unknown },
    });
  });

  test('a key that does nothing here says where it does what', () => {
    const inLog = pressKeys(able, 'l').model;
    expect(pressKeys(inLog, 'R')).toMatchObject({
      effects: [],
      model: {
        flash: { bad: true, text: /^R does nothing here; in main, tree, details, why: make every pod/ },
      },
    });
    for (const key of ['%', 'left']) expect(pressKeys(able, 'e', key).model.flash).toBeUndefined();
  });

  test('success is a line, failure a view; of an older one only failure is told', () => {
    const { model: sent, effects } = pressKeys(able, 'R', 'y');
    const [run] = effects;
    if (run?.type !== 'run') throw new Error('nothing runs');
    const { request } = run;
    // Another one ends only what somebody looks at.
    expect(run.isShown).toBe(false);
    expect(pressKeys(able, ':', ...'get pods', 'enter').effects).toMatchObject([{ isShown: true }]);
    const done = reduce(sent, {
      type: 'ran',
      id: 1,
      request,
      exitCode: 0,
      lines: ['modelserving/sample restarted'],
    }).model;
    expect(done).toMatchObject({
      view: 'main',
      flash: { bad: false, text: /^modelserving\/sample restarted/ },
    });
    const failed = reduce(sent, { type: 'ran', id: 1, request, exitCode: 4, lines: ['error: gone'] }).model;
    expect(failed).toMatchObject({ view: 'output', output: { exitCode: 4, lines: ['error: gone'] } });
    const older = (exitCode: number) =>
      reduce(sent, { type: 'ran', id: 0, request, exitCode, lines: ['error: gone'] }).model;
    expect(older(0)).toBe(sent);
    expect(older(1)).toMatchObject({
      view: 'main',
      flash: { bad: true, text: 'minithena rollout restart sample: error: gone' },
    });
  });
});

describe('a click', () => {
  const click = (model: Model, id: string) => reduce(model, { type: 'click', id }).model;
  test('selects; on what is selected it opens or closes; on what is gone, or while something is asked, nothing', () => {
    const once = click(able, 'group default/sample-1');
    expect(once.selected.id).toBe('group default/sample-1');
    expect(click(once, 'group default/sample-1').opened.get('group default/sample-1')).toBe(false);
    expect(click(able, 'group default/gone')).toBe(able);
    const asked = pressKeys(able, 'R').model;
    expect(click(asked, 'group default/sample-1')).toBe(asked);
  });
});

describe('the command palette', () => {
  test('knows views and actions by how their names begin, then by what they say', () => {
    expect(paletteEntries('res')[0]?.word).toBe('restart');
    expect(paletteEntries('roll back').map((entry) => entry.word)).toEqual([]);
    expect(paletteEntries('template')[0]?.word).toBe('undo');
    expect(paletteEntries('').length).toBeGreaterThan(10);
  });
  test('opens a view, or does what is chosen', () => {
    expect(pressKeys(able, ':', ...'tree', 'enter').model).toMatchObject({
      view: 'tree',
      prompt: { kind: 'none' },
    });
    expect(pressKeys(able, ':', ...'rest', 'enter').model.prompt.kind).toBe('confirm');
    expect(pressKeys(able, ':', ...'copy', 'down', 'enter').effects).toMatchObject([
      { type: 'copy', text: '172.18.0.5' },
    ]);
    expect(pressKeys(able, ':', 'q', 'enter').effects).toEqual([{ type: 'quit' }]);
  });
  test('takes any command line, and shows what it says', () => {
    const run = pressKeys(able, ':', ...'minithena get pods -o wide', 'enter');
    expect(run.effects).toMatchObject([{ type: 'run', request: { words: ['get', 'pods', '-o', 'wide'] } }]);
    expect(run.model).toMatchObject({ view: 'output', output: { state: 'running' } });
    expect(pressKeys(run.model, 'escape').effects).toEqual([{ type: 'stopRun' }]);
  });
  test('a command that wants the terminal gets it', () => {
    const typed = (text: string) => pressKeys(able, ':', ...text, 'enter').effects;
    for (const text of [
      'exec -it sample-0-decode-0-0 -- sh',
      'logs -f ms/sample',
      'get pods -w',
      'port-forward x 80',
    ])
      expect(typed(text)).toMatchObject([{ request: { interactive: true } }]);
    for (const text of ['exec sample-0-decode-0-0 -- ls', 'logs x', 'scale x --replicas 1'])
      expect(typed(text)).toMatchObject([{ request: { interactive: false } }]);
  });
  test('read-only lets only commands through that read', () => {
    const still = { ...able, can: { commands: true, readOnly: true } };
    expect(words(still, ':', ...'rollout history sample', 'enter')).toEqual(['rollout history sample']);
    for (const text of ['rollout undo sample', 'scale sample --replicas 9', 'down ', 'getaway x'])
      expect(pressKeys(still, ':', ...text, 'enter')).toMatchObject({
        effects: [],
        model: { flash: { bad: true } },
      });
  });
  test.each([
    ['a  b', ['a', 'b']],
    [`exec p -- sh -c 'echo "x y"'`, ['exec', 'p', '--', 'sh', '-c', 'echo "x y"']],
    [`"a \\"b\\"" c\\ d`, ['a "b"', 'c d']],
    ['', []],
  ])('%s', (text, expected) => expect(splitWords(text)).toEqual(expected));
  test('keys of the palette are not keys of the view below', () => {
    expect(pressKeys(able, ':', 'q', 'R').model.prompt).toEqual({ kind: 'palette', text: 'qR', at: 0 });
    expect(pressKeys(able, ':', 'q', 'R', 'backspace', 'C-u', 'escape').model.prompt).toEqual({
      kind: 'none',
    });
  });
});
