import { describe, expect, test } from 'vitest';
import { mostStreams } from '../../../src/tui/model/join-logs.js';
import { logPattern, matches, partsOf } from '../../../src/tui/model/log-pattern.js';
import {
  addToLog,
  keptLogLines,
  keptWhileRead,
  type LogState,
  longestLogLine,
  shownLogLines,
} from '../../../src/tui/model/log-state.js';
import { logsCommand, placesOf, targetWords, wider } from '../../../src/tui/model/log-target.js';
import { logAsText } from '../../../src/tui/model/log-text.js';
import type { Model } from '../../../src/tui/model/model.js';

import { type Message, reduce } from '../../../src/tui/model/reduce.js';
import { type Startup, startupAfter, startupPhases } from '../../../src/tui/model/vllm-startup.js';
import { boundBacktracking } from '../../../src/tui/outside/bound-backtracking.js';
import { pressKeys } from './press-keys.js';
import { added, running, scaling } from './sample-models.js';
import { pod, roleInstance, servingGroup } from './sample-objects.js';

const send = (model: Model, ...messages: Message[]): Model =>
  messages.reduce((at, message) => reduce(at, message).model, model);
const logsOf = (model: Model): LogState => {
  if (!model.logs) throw new Error('no log');
  return model.logs;
};
/** What each stream says, in turn. */
const say = (model: Model, ...texts: readonly string[]): Model =>
  send(model, {
    type: 'logText',
    generation: logsOf(model).generation,
    pieces: texts.map((text, stream) => ({ stream, text, skipped: 0 })),
  });
const lines = (model: Model) => shownLogLines(logsOf(model)).map(({ text }) => text);
const at = (second: number, text: string) =>
  `2026-07-01T12:00:${String(second).padStart(2, '0')}.123456789Z ${text}\n`;
const opened = pressKeys(running, 'down', 'down', 'enter');
const group = pressKeys(running, 'l').model;
const places = (model: Model) => logsOf(model).streams.map((stream) => `${stream.pod}/${stream.container}`);

describe('what is read', () => {
  test('a pod, and nothing of before', () => {
    expect(opened.effects).toMatchObject([
      { type: 'closeLogs' },
      {
        type: 'openLog',
        stream: 0,
        place: { namespace: 'default', pod: 'sample-0-prefill-0-0', container: 'vllm' },
        previous: false,
        among: 1,
      },
    ]);
  });
  test('all pods of a group; u is wider, r the role in all groups, L everything', () => {
    expect(places(group)).toEqual(['sample-0-decode-0-0/vllm', 'sample-0-prefill-0-0/vllm']);
    expect(places(pressKeys(group, 'u').model)).toHaveLength(4);
    expect(places(pressKeys(opened.model, 'u').model)).toEqual(['sample-0-prefill-0-0/vllm']);
    expect(places(pressKeys(opened.model, 'u', 'u').model)).toHaveLength(2);
    expect(places(pressKeys(opened.model, 'r').model)).toEqual([
      'sample-0-prefill-0-0/vllm',
      'sample-1-prefill-0-0/vllm',
    ]);
    expect(places(pressKeys(running, 'L').model)).toHaveLength(4);
    expect(pressKeys(group, 'r').model.flash?.bad).toBe(true);
  });
  test('further up ends with everything', () => {
    const way = [logsOf(opened.model).target];
    for (let steps = 0; steps < 8; steps += 1) way.push(wider(way.at(-1) ?? {}));
    expect([...new Set(way.map(targetWords))]).toEqual([
      'sample-0-prefill-0-0',
      'sample-0/prefill-0',
      'sample-0',
      'sample',
      'all pods',
    ]);
  });
  test('c shows each container alone, then all again', () => {
    expect(places(pressKeys(group, 'c').model)).toEqual(['sample-0-decode-0-0/vllm']);
    expect(places(pressKeys(group, 'c', 'c').model)).toEqual(['sample-0-prefill-0-0/vllm']);
    expect(places(pressKeys(group, 'c', 'c', 'c').model)).toHaveLength(2);
  });
  test('the command line that prints the same', () => {
    const command = (model: Model) => logsCommand(model, logsOf(model).target);
    expect(command(opened.model)).toBe('minithena logs sample-0-prefill-0-0 --all-containers --prefix -f');
    expect(command(group)).toBe('minithena logs sg/sample-0 --all-containers --prefix -f');
    const further = (...keys: string[]) => command(pressKeys(opened.model, ...keys).model);
    expect([further('u'), further('u', 'u', 'u'), further('r'), further('L')]).toEqual(
      [
        'role/sample-0-prefill-0',
        'ms/sample',
        '-l modelserving.volcano.sh/name=sample,modelserving.volcano.sh/role=prefill',
        "-l ''",
      ].map((pods) => `minithena logs ${pods} --all-containers --prefix -f`),
    );
  });
  test('a pod that comes joins, one log too many does not and is told of', () => {
    const grown = reduce(pressKeys(group, 'u').model, {
      type: 'changes',
      batch: [
        ...added('servinggroups', servingGroup('sample', 2)),
        ...added('roles', roleInstance('sample', 2, 'decode')),
        ...added('pods', pod('sample', 2, 'decode')),
      ],
    });
    expect(grown.effects).toMatchObject([
      { type: 'openLog', stream: 4, place: { pod: 'sample-2-decode-0-0' } },
    ]);
    const many = reduce(grown.model, {
      type: 'changes',
      batch: Array.from({ length: 60 }, (_, index) =>
        added('pods', pod('sample', index + 3, 'decode')),
      ).flat(),
    });
    expect(logsOf(many.model)).toMatchObject({ leftOut: 65 - mostStreams });
    expect(logsOf(many.model).streams).toHaveLength(mostStreams);
  });
  test('a log that ended is read again when its container runs anew, or the daemon is back', () => {
    const { generation } = logsOf(opened.model);
    const end = (message: string) =>
      reduce(say(opened.model, at(1, 'one')), { type: 'logEnd', generation, stream: 0, message });
    expect(end('').effects).toEqual([]);
    const restarted = reduce(end('').model, {
      type: 'changes',
      batch: added('pods', pod('sample', 0, 'prefill', { restarts: 1 })),
    });
    expect(restarted.effects).toMatchObject([{ type: 'openLog', place: { pod: 'sample-0-prefill-0-0' } }]);
    const lost = send(end('the connection broke off').model, {
      type: 'changes',
      batch: [{ resource: 'pods', change: { type: 'DISCONNECTED', message: 'gone' } }],
    });
    const back = reduce(lost, {
      type: 'changes',
      batch: [
        ...added('pods', pod('sample', 0, 'prefill')),
        { resource: 'pods', change: { type: 'SYNCED' } },
      ],
    });
    expect(back.model.connection.state).toBe('live');
    expect(back.effects).toMatchObject([{ type: 'openLog' }]);
    // What was read before comes again, and is not shown again.
    expect(lines(say(back.model, at(1, 'one') + at(2, 'two')))).toEqual(['one', 'two']);
  });
  test('a pod that goes leaves its lines', () => {
    const gone = pod('sample', 0, 'decode');
    const left = send(say(group, at(1, 'last words')), {
      type: 'changes',
      batch: [{ resource: 'pods', change: { type: 'DELETED', object: gone } }],
    });
    expect(lines(left)).toEqual(['last words']);
    expect(logsOf(left).streams.map((stream) => stream.isGone)).toEqual([true, false]);
  });
  test('leaving closes the streams', () => {
    const left = pressKeys(opened.model, 'escape');
    expect(left.effects).toEqual([{ type: 'closeLogs' }]);
    expect(left.model).toMatchObject({ view: 'main', logs: undefined });
  });
  test('what older streams still send is ignored', () => {
    const { generation } = logsOf(opened.model);
    const other = pressKeys(opened.model, 's').model;
    expect(logsOf(other).sinceMinutes).toBe(1);
    const late: Message = {
      type: 'logText',
      generation,
      pieces: [{ stream: 0, text: 'old\n', skipped: 0 }],
    };
    expect(lines(send(other, late))).toEqual([]);
  });
  test('a pod that waits has no log yet', () => {
    expect(placesOf(scaling.data, { pod: 'nobody' })).toEqual([]);
  });
});

describe('lines', () => {
  test('pieces become lines, also when they break inside one; \\r ends a line', () => {
    const said = ['on', 'e\ntwo\r', '\nthree 10%\rthree 20%\n', 'rest'].reduce(
      (model, piece) => say(model, piece),
      opened.model,
    );
    expect(lines(said)).toEqual(['one', 'two', 'three 10%', 'three 20%']);
    const { generation } = logsOf(said);
    expect(lines(send(said, { type: 'logEnd', generation, stream: 0, message: '' })).at(-1)).toBe('rest');
  });
  test('stand in the order of their times, whenever they come', () => {
    const first = say(group, at(1, 'a1') + at(5, 'a5'), at(3, 'b3'));
    expect(lines(first)).toEqual(['a1', 'b3', 'a5']);
    expect(lines(say(first, at(6, 'a6'), at(4, 'b4') + at(7, 'b7')))).toEqual([
      'a1',
      'b3',
      'b4',
      'a5',
      'a6',
      'b7',
    ]);
  });
  test('those of one stream stay in its order, whatever its clock says', () => {
    expect(lines(say(opened.model, at(5, 'first') + at(2, 'second')))).toEqual(['first', 'second']);
  });
  test('only the last are kept, more while somebody reads, and the others are counted', () => {
    const much = (count: number) => 'x\n'.repeat(count);
    const followed = logsOf(say(opened.model, much(keptLogLines + 10)));
    expect([followed.lines.length, followed.dropped]).toEqual([keptLogLines, 10]);
    const paused = say(pressKeys(opened.model, 'space').model, much(keptWhileRead + 7));
    expect([logsOf(paused).lines.length, logsOf(paused).dropped]).toEqual([keptWhileRead, 7]);
    const skipped = addToLog(followed, [{ stream: 0, text: 'last\n', skipped: 500 }]);
    expect(skipped.dropped).toBe(511);
  });
  test('of a line of a megabyte the beginning is kept, and nothing in it acts on the terminal', () => {
    const [line = ''] = lines(say(opened.model, `\x1b[31m${'x'.repeat(2 ** 20)}\n`));
    expect(line.length).toBeLessThanOrEqual(longestLogLine + 10);
    expect(line).toMatch(/^x+ \.\.\.$/);
    expect(logsOf(say(opened.model, 'x'.repeat(2 ** 20))).streams[0]?.partial.length).toBeLessThan(50_000);
  });
});

describe('reading', () => {
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join('');
  const full = say(opened.model, numbered(0, 100));

  test('scrolling up pauses and keeps the place; G follows again', () => {
    const up = pressKeys(full, 'up', 'up').model;
    expect(up).toMatchObject({ scroll: 2, logs: { follow: false } });
    expect(say(up, 'new\nnewer\n').scroll).toBe(4);
    expect(pressKeys(up, 'G').model).toMatchObject({ scroll: 0, logs: { follow: true } });
  });
  test('lines that come above the place leave it', () => {
    const three = say(pressKeys(group, 'u').model, at(1, 'a') + at(9, 'z'), at(8, 'b'));
    const up = pressKeys(three, 'up').model;
    const between = say(up, '', '', at(3, 'between'));
    expect([lines(between).join(' '), between.scroll]).toEqual(['a between b z', 1]);
  });
  test('a search goes to the match above, n and N round the ends', () => {
    const looked = (...keys: string[]) => {
      const { model } = pressKeys(full, '/', ...'ine [47]2', 'enter', ...keys);
      return logsOf(model).search?.at?.text;
    };
    expect(looked()).toBe('line 72');
    expect(looked('N')).toBe('line 42');
    expect(looked('N', 'N')).toBe('line 72');
    expect(looked('N', 'n', 'n')).toBe('line 42');
    const found = pressKeys(full, '/', ...'line 42', 'enter').model;
    const { scroll, size } = found;
    expect(scroll).toBeGreaterThan(57 - size.rows);
    expect(scroll).toBeLessThan(57 + size.rows);
    expect(pressKeys(full, '/', ...'nothing', 'enter').model.flash).toMatchObject({ bad: true });
    expect(pressKeys(full, 'n').model.flash?.text).toMatch(/\/ begins/);
  });
  test('a filter hides lines while it is typed; esc brings all back', () => {
    const filtered = pressKeys(full, '&', ...'1$').model;
    expect(lines(filtered)).toHaveLength(10);
    expect(lines(pressKeys(filtered, 'escape').model)).toHaveLength(100);
    const kept = pressKeys(filtered, 'enter').model;
    expect(lines(say(kept, numbered(100, 120)))).toHaveLength(12);
    expect(lines(pressKeys(kept, 'escape').model)).toHaveLength(100);
    expect(pressKeys(kept, 'escape', 'escape').model.view).toBe('main');
  });
  test('what is no expression says so, and changes nothing', () => {
    const wrong = pressKeys(full, '&', ...'1(').model;
    expect(wrong.prompt).toMatchObject({ problem: 'Unterminated group' });
    expect(lines(wrong)).toHaveLength(lines(pressKeys(full, '&', '1').model).length);
    expect(pressKeys(wrong, 'enter').model.prompt.kind).toBe('pattern');
  });
  test('an expression that backtracks without end ends all the same', () => {
    boundBacktracking();
    for (const text of ['(a+)+$', '(a|a)*c', '^(\\w+\\s?)*$']) {
      const pattern = logPattern(text);
      if ('problem' in pattern) throw new Error(pattern.problem);
      expect(matches(pattern, `${'Aa'.repeat(2000)}!`)).toBe(false);
    }
  });
  test.each([
    ['error', 'An ERROR', ['ERROR']],
    ['Error', 'An ERROR', []],
    ['\\S+=', 'a=1 bc=2', ['a=', 'bc=']],
    ['x*', 'axxb', ['xx']],
    ['.', 'a😀', ['a', '😀']],
    ['\\p{Script=Han}+', 'a漢字b', ['漢字']],
    ['straße', 'STRASSE STRAßE', ['STRAßE']],
  ])('/%s/ in "%s"', (text, line, found) => {
    const pattern = logPattern(text);
    if ('problem' in pattern) throw new Error(pattern.problem);
    const parts = partsOf(pattern, line);
    expect(parts.filter((part) => part.isMatch).map((part) => part.text)).toEqual(found);
    expect(parts.map((part) => part.text).join('')).toBe(line);
  });
});

describe('saving', () => {
  const said = say(group, at(1, 'one'), at(2, 'two'));

  test('what is shown, with names, and with times when they are', () => {
    expect(logAsText(logsOf(said))).toBe('[sample-0-decode-0-0] one\n[sample-0-prefill-0-0] two\n');
    expect(logAsText(logsOf(pressKeys(said, 't', '&', ...'two', 'enter').model))).toBe(
      '2026-07-01T12:00:02.123Z [sample-0-prefill-0-0] two\n',
    );
  });
  test('asks where to, and again before it overwrites', () => {
    const asked = pressKeys(said, 'S', 'enter');
    expect(asked.effects).toMatchObject([{ type: 'saveLog', file: 'sample-0.log', overwrite: false }]);
    const exists = send(asked.model, { type: 'saved', file: 'sample-0.log', exists: true, problem: '' });
    expect(exists.prompt).toMatchObject({ state: 'exists' });
    expect(pressKeys(exists, 'enter').effects).toMatchObject([{ type: 'saveLog', overwrite: true }]);
    expect(pressKeys(exists, '2', 'enter').effects).toMatchObject([
      { type: 'saveLog', file: 'sample-0.log2', overwrite: false },
    ]);
    const saved = send(asked.model, { type: 'saved', file: 'sample-0.log', exists: false, problem: '' });
    expect(saved).toMatchObject({ prompt: { kind: 'none' }, flash: { bad: false } });
    expect(saved.flash?.text).toMatch(
      /^saved to sample-0\.log; whole: minithena logs sg\/sample-0 .* --tail -1 > sample-0\.log$/,
    );
  });
  test('says why it was not', () => {
    const { model } = pressKeys(said, 'S', 'enter');
    const refused = send(model, { type: 'saved', file: 'x', exists: false, problem: 'EACCES: no' });
    expect(refused.prompt).toMatchObject({ state: 'refused', message: 'EACCES: no' });
  });
});

describe('a vLLM server on its way up', () => {
  const heard = (...said: string[]): Startup | undefined =>
    said.reduce<Startup | undefined>((known, line, index) => startupAfter(known, line, index), undefined);
  const begin = 'INFO 11-24 02:34:01 [api_server.py:1839] vLLM API server version 0.11.0';

  test.each([
    [begin, 'starting', 0],
    ['Starting to load model meta-llama/Llama-3.1-8B...', 'loading weights', 0],
    ['Loading safetensors checkpoint shards:  75% Completed | 3/4 [00:01<00:00]', 'loading weights', 0.75],
    ['Loading pt checkpoint shards: 100% Completed | 4/4', 'loading weights', 1],
    ['Loading weights took 2.51 seconds', 'loading weights', 1],
    ['Model loading took 14.9888 GiB and 3.1 seconds', 'loading weights', 1],
    ['Dynamo bytecode transform time: 6.11 s', 'compiling', 0],
    ['torch.compile takes 26.09 s in total', 'compiling', 1],
    ['Capturing CUDA graph shapes:  33%|███▎      | 22/67 [00:06<00:12]', 'capturing graphs', 0.33],
    ['Capturing CUDA graphs (mixed prefill-decode, PIECEWISE):  50%|█████', 'capturing graphs', 0.5],
    ['Graph capturing finished in 20 secs, took 0.51 GiB', 'capturing graphs', 1],
    ['init engine (profile, create kv cache, warmup model) took 41.9 seconds', 'capturing graphs', 1],
    ['INFO:     Application startup complete.', 'ready', 1],
  ])('%s', (line, phase, share) => {
    const known = heard(begin, line);
    expect([startupPhases[known?.phase ?? -1], known?.share]).toEqual([phase, share]);
  });
  test('never goes back, but begins anew', () => {
    expect(heard(begin, 'Application startup complete.', 'Loading weights took 1 s')?.phase).toBe(4);
    expect(heard(begin, 'Application startup complete.', begin)).toEqual({ phase: 0, share: 0, beganMs: 2 });
  });
  test('other programs are none', () => {
    expect(heard('listening on 80', 'GET /health 200')).toBeUndefined();
  });
});
