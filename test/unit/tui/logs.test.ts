import { describe, expect, test } from 'vitest';
import type { Node, Pod } from '../../../src/api/types/resources.js';
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
import { type Startup, startupAfter, startupPhases } from '../../../src/tui/model/startup.js';
import { boundBacktracking } from '../../../src/tui/outside/bound-backtracking.js';
import { unicodeGlyphs } from '../../../src/tui/present/glyphs.js';
import { present } from '../../../src/tui/present/present.js';
import { screenText } from '../../../src/tui/present/screen-text.js';
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
    // Of a container that was opened alone, those of its pod.
    const one = pod('sample', 0, 'prefill');
    const two = {
      ...one,
      spec: { ...one.spec, containers: [...one.spec.containers, { name: 'proxy' }] },
    } as Pod;
    const model = send(running, { type: 'changes', batch: added('pods', two) });
    const alone = pressKeys(model, 'down', 'down', 'right', 'down', 'enter').model;
    expect(places(alone)).toEqual(['sample-0-prefill-0-0/vllm']);
    expect(places(pressKeys(alone, 'c').model)).toEqual(['sample-0-prefill-0-0/proxy']);
    expect(places(pressKeys(alone, 'c', 'c').model)).toHaveLength(2);
  });
  test('the command line that prints the same', () => {
    const command = (model: Model) => logsCommand(model, logsOf(model));
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
    expect(further('t', 's', 's')).toBe(
      'minithena logs sample-0-prefill-0-0 --all-containers --prefix -f --since 10m --timestamps',
    );
    expect(further('p', 'c')).toBe(
      'minithena logs sample-0-prefill-0-0 --all-containers --prefix --previous',
    );
    const saved = send(pressKeys(opened.model, 's', 'S').model, {
      type: 'saved',
      file: 'x',
      exists: false,
      problem: '',
    });
    expect(saved.flash?.text).toMatch(/ whole: minithena logs .* --prefix --since 1m --tail -1 > x$/);
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
  test('a log that ended is read again when the engine is back, from where it broke off', () => {
    const { generation } = logsOf(opened.model);
    const ready = (status: string): Message => ({
      type: 'changes',
      batch: added('nodes', {
        kind: 'Node',
        metadata: { name: 'here', namespace: '' },
        status: { conditions: [{ type: 'Ready', status }] },
      } as Node),
    });
    const away = send(say(send(opened.model, ready('True')), at(1, 'one')), ready('Unknown'), {
      type: 'logEnd',
      generation,
      stream: 0,
      message: 'the engine broke the connection off',
    });
    expect(reduce(away, ready('Unknown')).effects).toEqual([]);
    const back = reduce(away, ready('True'));
    expect(back.effects).toMatchObject([{ type: 'openLog', place: { pod: 'sample-0-prefill-0-0' } }]);
    expect(lines(say(back.model, at(1, 'one') + at(2, 'two')))).toEqual(['one', 'two']);
  });
  test('of several logs it says why some cannot be read', () => {
    const { generation } = logsOf(group);
    const ended = send(say(group, '', at(1, 'runs')), {
      type: 'logEnd',
      generation,
      stream: 0,
      message: 'container vllm is waiting to start',
    });
    expect(screenText(present(ended, unicodeGlyphs, 0))).toMatch(
      /runs\nsample-0-decode-0-0: container vllm is waiting to start\n/,
    );
    const all = send(ended, { type: 'logEnd', generation, stream: 1, message: 'no previous run' });
    expect(screenText(present(all, unicodeGlyphs, 0))).toMatch(/waiting to start; and 1 more\n/);
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
  test('pieces become lines, also when they break inside one', () => {
    const said = ['on', 'e\ntwo\r', '\n\nthr', 'ee\rfour\n', 'rest'].reduce(
      (model, piece) => say(model, piece),
      opened.model,
    );
    expect(lines(said)).toEqual(['one', 'two', '', 'three', 'four']);
    const { generation } = logsOf(said);
    expect(lines(send(said, { type: 'logEnd', generation, stream: 0, message: '' })).at(-1)).toBe('rest');
  });
  test('a progress bar that is drawn anew in its line is one line, and what stands before it is gone as on a terminal', () => {
    const bar = (...shares: number[]) => shares.map((share) => `\rCapturing graphs: ${share}%|██`).join('');
    const said = say(
      opened.model,
      `${at(1, `(EngineCore_DP0 pid=144) ${bar(0, 50)}`).trimEnd()}${bar(100)}\nnext\n`,
    );
    expect(lines(said)).toEqual(['Capturing graphs: 100%|██', 'next']);
    expect(logsOf(said).lines[0]?.atMs).toBe(Date.parse('2026-07-01T12:00:01Z') + 123.456789);
    const endless = say(opened.model, bar(...Array.from({ length: 10_000 }, (_, share) => share % 100)));
    expect(lines(endless)).toEqual([]);
    expect(logsOf(endless).streams[0]?.partial).toBe('Capturing graphs: 99%|██');
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

describe('wrapped lines', () => {
  const drawn = (model: Model) => {
    const frame = present(model, unicodeGlyphs, 0);
    return { ...frame, text: frame.rows.map((each) => each.spans.map(({ text }) => text).join('')) };
  };
  const press = (model: Model, ...keys: string[]): Model =>
    keys.reduce(
      (at, key) =>
        reduce(at, {
          type: 'key',
          key,
          character: key.length === 1 ? key : '',
          maxScroll: drawn(at).maxScroll,
        }).model,
      model,
    );
  const { columns } = running.size;
  const long = Array.from({ length: 60 * columns }, (_, at) => (at % columns === 0 ? '#' : 'x')).join('');
  const wrapped = press(
    say(
      opened.model,
      `first\n${long}\n${'漢'.repeat(columns)}\nbefore NEEDLE${' '.repeat(3 * columns)}\nlast\n`,
    ),
    'w',
  );

  test('every row of them can be come to, the first and the last too', () => {
    const top = press(wrapped, 'g');
    expect(
      drawn(top)
        .text.slice(1, 4)
        .map((text) => text.trim().slice(0, 6)),
    ).toEqual(['first', '#xxxxx', '#xxxxx']);
    expect(drawn(press(top, 'down')).text[1]).toMatch(/^#x+$/);
    let rows = 0;
    for (let model = top; model.scroll > 0; model = press(model, 'down')) rows += 1;
    expect(rows).toBe(drawn(wrapped).maxScroll);
    expect(drawn(wrapped).text.at(-2)).toBe('last');
  });
  test('what is read stays when they are wrapped and cut, or the terminal is another', () => {
    const rows = `${'a row\n'.repeat(50)}${'漢'.repeat(columns)}\none\ntwo\n`;
    const up = press(say(opened.model, rows), 'up', 'up');
    expect(drawn(up).text.at(-2)).toMatch(/^漢+/);
    const all = [
      press(up, 'w'),
      press(up, 'w', 't'),
      send(press(up, 'w'), { type: 'resized', size: { columns: 50, rows: 20 } }),
    ];
    for (const each of all) expect(drawn(each).text.at(-2)).toMatch(/漢$/);
    expect(drawn(say(press(up, 'w'), `${long}\n`)).text.at(-2)).toMatch(/漢$/);
  });
  test('a match in them is in sight', () => {
    expect(drawn(press(wrapped, '/', ...'NEEDLE', 'enter')).text.join('\n')).toMatch(/before NEEDLE/);
    const late = say(wrapped, `${long}${'y'.repeat(2 * columns)}HAY${long}\n`);
    expect(drawn(press(late, '/', ...'HAY', 'enter')).text.join('\n')).toMatch(/^HAY#x+$/m);
  });
  test('cut ones are scrolled no further than to the end of the longest', () => {
    const cut = press(
      say(opened.model, `${'a'.repeat(columns + 30)}z\n`),
      ...Array<string>(20).fill('right'),
    );
    expect(drawn(cut).text[1]).toMatch(/^a+z$/);
    expect(drawn(cut).text[1]).toHaveLength(columns);
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

describe('a server on its way up', () => {
  const phases = (text: string): string[] => {
    let model = opened.model;
    const seen: string[] = [];
    for (const line of text.trim().split('\n')) {
      model = say(model, `${line.trim()}\n`);
      const { startup } = logsOf(model).streams[0] ?? {};
      const now = startup && `${startupPhases[startup.phase]} ${Math.round(startup.share * 100)}`;
      if (now !== undefined && now !== seen.at(-1)) seen.push(now);
    }
    return seen;
  };
  const shards = (before = '') =>
    [0, 50, 100]
      .map(
        (share) =>
          `${before}\rLoading safetensors checkpoint shards: ${share}% Completed | 1/2 [00:01<00:00]`,
      )
      .join('\n');

  // What the servers print, as it stands in their sources; lines between that say nothing of it are left in where they could mislead.
  test.each([
    [
      'vLLM 0.6',
      `INFO 10-21 08:12:33 api_server.py:528] vLLM API server version 0.6.3.post1
       INFO 10-21 08:12:33 api_server.py:179] Started engine process with PID 44
       INFO 10-21 08:12:41 llm_engine.py:237] Initializing an LLM engine (v0.6.3.post1) with config: model='Qwen/Qwen2.5-7B'
       INFO 10-21 08:12:42 model_runner.py:1056] Starting to load model Qwen/Qwen2.5-7B...
       ${shards()}
       INFO 10-21 08:12:47 model_runner.py:1067] Loading model weights took 14.2487 GB
       INFO 10-21 08:12:52 model_runner.py:1395] Capturing the model for CUDA graphs. This may lead to unexpected consequences
       INFO 10-21 08:13:10 model_runner.py:1523] Graph capturing finished in 18 secs.
       INFO:     Waiting for application startup.
       INFO:     Application startup complete.`,
      'starting 0, loading weights 0, loading weights 50, loading weights 100, capturing graphs 0, capturing graphs 100, ready 100',
    ],
    [
      'vLLM 0.7, V0',
      `INFO 02-05 10:00:01 api_server.py:912] vLLM API server version 0.7.3
       INFO 02-05 10:00:09 llm_engine.py:234] Initializing a V0 LLM engine (v0.7.3) with config: model='Qwen', compilation_config={"splitting_ops":[]}
       INFO 02-05 10:00:10 model_runner.py:1110] Starting to load model Qwen...
       WARNING 02-05 10:00:10 config.py:500] torch.compile is turned on, but the model Qwen does not support it.
       INFO 02-05 10:00:13 model_runner.py:1115] Loading model weights took 14.2487 GB
       INFO 02-05 10:00:17 model_runner.py:1434] Capturing cudagraphs for decoding. This may lead to unexpected consequences
       \rCapturing CUDA graph shapes:   0%|          | 0/35\rCapturing CUDA graph shapes:  20%|██        | 7/35
       INFO 02-05 10:00:37 model_runner.py:1562] Graph capturing finished in 20 secs, took 0.20 GiB
       INFO 02-05 10:00:37 llm_engine.py:431] init engine (profile, create kv cache, warmup model) took 25.85 seconds
       INFO:     Application startup complete.`,
      'starting 0, loading weights 0, loading weights 100, capturing graphs 0, capturing graphs 20, capturing graphs 100, ready 100',
    ],
    [
      'vLLM 0.8, V1',
      `INFO 04-29 10:00:01 [api_server.py:1043] vLLM API server version 0.8.5
       INFO 04-29 10:00:09 [core.py:58] Initializing a V1 LLM engine (v0.8.5) with config: model='Qwen'
       INFO 04-29 10:00:10 [gpu_model_runner.py:1329] Starting to load model Qwen...
       INFO 04-29 10:00:13 [loader.py:458] Loading weights took 1.79 seconds
       INFO 04-29 10:00:13 [gpu_model_runner.py:1347] Model loading took 14.2487 GiB and 2.870000 seconds
       INFO 04-29 10:00:20 [backends.py:420] Using cache directory: /root/.cache/vllm for vLLM's torch.compile
       INFO 04-29 10:00:20 [backends.py:430] Dynamo bytecode transform time: 7.71 s
       INFO 04-29 10:00:48 [backends.py:148] Compiling a graph for general shape takes 24.24 s
       INFO 04-29 10:00:55 [monitor.py:33] torch.compile takes 31.95 s in total
       INFO 04-29 10:01:16 [gpu_model_runner.py:1686] Graph capturing finished in 20 secs, took 0.51 GiB
       INFO:     Application startup complete.`,
      'starting 0, loading weights 0, loading weights 100, compiling 0, compiling 100, capturing graphs 100, ready 100',
    ],
    [
      'vLLM 0.11 with two engines, a compiled graph in its cache',
      `(APIServer pid=1) INFO 10-08 09:00:00 [api_server.py:1839] vLLM API server version 0.11.0
       (EngineCore_DP0 pid=144) INFO 10-08 09:00:12 [core.py:77] Initializing a V1 LLM engine (v0.11.0) with config
       (EngineCore_DP0 pid=144) INFO 10-08 09:00:14 [gpu_model_runner.py:2602] Starting to load model Qwen/Qwen3-8B...
       (EngineCore_DP1 pid=145) INFO 10-08 09:00:15 [core.py:77] Initializing a V1 LLM engine (v0.11.0) with config
       ${shards('(EngineCore_DP0 pid=144) ')}
       (EngineCore_DP0 pid=144) INFO 10-08 09:00:18 [gpu_model_runner.py:2653] Model loading took 15.2683 GiB and 3.312345 seconds
       (EngineCore_DP0 pid=144) INFO 10-08 09:00:26 [backends.py:178] Directly load the compiled graph(s) for dynamic shape from the cache
       (EngineCore_DP0 pid=144) \rCapturing CUDA graphs (mixed prefill-decode, PIECEWISE):  25%|██▌       | 17/67 [00:00<00:02]
       (EngineCore_DP0 pid=144) \rCapturing CUDA graphs (decode, FULL):   3%|▎         | 1/35 [00:00<00:02]
       (EngineCore_DP0 pid=144) INFO 10-08 09:01:00 [core.py:210] init engine (profile, create kv cache, warmup model) took 38.40 seconds
       (APIServer pid=1) INFO:     Application startup complete.`,
      'starting 0, loading weights 0, loading weights 50, loading weights 100, compiling 0, capturing graphs 25, capturing graphs 100, ready 100',
    ],
    [
      'vLLM 0.11 without an API of its own',
      `INFO 10-08 09:00:00 [serve.py:125] Launching 2 data parallel engine(s) in headless mode, with head node address tcp://10.0.0.1:13345.
       INFO 10-08 09:00:14 [weight_utils.py:1] Loading safetensors using Runai Model Streamer:  50% Completed | 75/150
       INFO 10-08 09:01:00 [core.py:210] init engine (profile, create kv cache, warmup model) took 38.40 seconds`,
      'starting 0, loading weights 50, ready 100',
    ],
    [
      'SGLang',
      `[2025-09-01 10:00:00] server_args=ServerArgs(model_path='Qwen/Qwen2.5-7B-Instruct')
       [2025-09-01 10:00:12 TP0] Load weight begin. avail mem=78.81 GB
       ${shards()}
       [2025-09-01 10:00:15 TP0] Load weight end. type=Qwen2ForCausalLM, dtype=torch.bfloat16, avail mem=64.40 GB
       [2025-09-01 10:00:16 TP0] Capture cuda graph begin. This can take up to several minutes. avail mem=7.21 GB
       \r  0%|          | 0/8\rCapturing batches (bs=1 avail_mem=6.10 GB):  50%|█████     | 4/8
       [2025-09-01 10:00:22 TP0] Capture cuda graph end. Time elapsed: 6.36 s. mem usage=1.11 GB.
       [2025-09-01 10:00:40] INFO:     Application startup complete.
       [2025-09-01 10:00:42] The server is fired up and ready to roll!`,
      'starting 0, loading weights 0, loading weights 50, loading weights 100, capturing graphs 0, capturing graphs 50, capturing graphs 100, ready 100',
    ],
  ])('%s', (_name, text, expected) => expect(phases(text).join(', ')).toBe(expected));

  const heard = (...said: string[]): Startup | undefined =>
    said.reduce<Startup | undefined>((known, line, index) => startupAfter(known, line, index), undefined);
  const begin = 'vLLM API server version 0.11.0';
  test('knows when the server began, and when the phase did', () => {
    const known = heard(begin, 'Starting to load model x', 'checkpoint shards', 'Loading weights took 1 s');
    expect(known).toMatchObject({ beganMs: 0, phaseMs: 1 });
  });
  test('never goes back, but begins anew', () => {
    expect(heard(begin, 'Application startup complete.', 'Loading weights took 1 s')?.phase).toBe(4);
    for (const again of [begin, 'Initializing a V1 LLM engine (v0.11.0)'])
      expect(heard(begin, 'Application startup complete.', again)).toMatchObject({ phase: 0, beganMs: 2 });
    expect(heard(begin, 'Starting to load model x', begin)).toMatchObject({ phase: 0, beganMs: 2 });
  });
  test('another run of the container is another server', () => {
    const loading = say(opened.model, `${begin}\nStarting to load model x\n`);
    const { generation } = logsOf(loading);
    const restarted = send(
      loading,
      { type: 'logEnd', generation, stream: 0, message: '' },
      { type: 'changes', batch: added('pods', pod('sample', 0, 'prefill', { restarts: 1 })) },
    );
    expect(logsOf(restarted).streams[0]).toMatchObject({ end: { state: 'open' }, startup: undefined });
    // What was read before is told of it all the same.
    const seen = say(opened.model, `${at(1, begin)}${at(3, 'Starting to load model x')}`);
    const ended: Message = { type: 'logEnd', generation, stream: 0, message: '' };
    const again = say(
      send(seen, ended, {
        type: 'changes',
        batch: added('pods', pod('sample', 0, 'prefill', { restarts: 1 })),
      }),
      `${at(1, begin)}${at(3, 'Starting to load model x')}${at(4, 'Loading weights took 2 s')}`,
    );
    expect(logsOf(again).streams[0]?.startup).toMatchObject({ phase: 1, share: 1 });
    expect(logsOf(again).streams[0]?.startup?.phaseMs).toBe(Date.parse('2026-07-01T12:00:03Z') + 123.456789);
    expect(lines(again)).toHaveLength(3);
  });
  test('other programs are none', () => {
    expect(heard('listening on 80', 'GET /health 200')).toBeUndefined();
  });
});
