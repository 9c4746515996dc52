import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { player } from '../../../../src/cli/recording/player.js';
import { readRecording } from '../../../../src/cli/recording/read-recording.js';
import { recordingClient } from '../../../../src/cli/recording/recording-client.js';
import { manualClock } from '../../../../src/lib/manual-clock.js';
import { runTui } from '../../../../src/tui/run-tui.js';
import { fakeTerminal } from '../../tui/fake-terminal.js';
import { operation, servingGroup } from '../../tui/sample-objects.js';
import { fakeClient } from '../fake-client.js';
import { runCommand } from '../run-command.js';
import { pod, serving } from '../sample-objects.js';

const folder = mkdtempSync(join(tmpdir(), 'minithena-recording-'));
const file = join(folder, 'a.jsonl');
beforeEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = 'hunter2-of-the-secret';
const envValue = 'token-in-the-env';
const annotated = { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': envValue } };
const withEnv = () => {
  const each = pod('sample-0-prefill-0-0', {
    waiting: 'Error',
    message: `died of ${secret} and ${envValue}`,
  });
  return {
    ...each,
    metadata: { ...each.metadata, ...annotated },
    spec: { containers: [{ ...each.spec.containers[0], env: [{ name: 'TOKEN', value: envValue }] }] },
  };
};
const complete = operation(
  'sample',
  2,
  'replicas 1 → 2',
  [
    [['✅', '⏳'], 'G-1 is creating'],
    [['✅', '✅'], 'Scale completed'],
  ],
  { phase: 'Complete' },
);
const client = () =>
  fakeClient({
    modelservings: [serving()],
    servinggroups: [servingGroup('sample', 0), servingGroup('sample', 1), servingGroup('other', 0)],
    pods: [withEnv()],
    scalingoperations: [complete],
    secrets: [
      {
        kind: 'Secret',
        metadata: { name: 's', namespace: 'default' },
        data: { key: Buffer.from(secret).toString('base64') },
      },
    ],
  });
/** The clock of a test command stands: the end is Ctrl-C, when all kinds that there are have been written. */
const recordOnce = async (words: readonly string[] = []) => {
  const stop = new AbortController();
  const kinds = ['ModelServing', 'ServingGroup', 'Pod', 'ScalingOperation'];
  const look = setInterval(() => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (kinds.every((kind) => text.includes(`"kind":"${kind}"`))) stop.abort();
  }, 10);
  try {
    return await runCommand(['record', file, ...words], client(), { signal: stop.signal });
  } finally {
    clearInterval(look);
  }
};

describe('record', () => {
  it('writes what the board shows, of the named serving only, and nothing that is secret', async () => {
    const { stderr } = await recordOnce(['sample']);
    expect(stderr).toContain('left out: Secrets');
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(secret);
    expect(text).not.toContain(envValue);
    expect(text).toContain('died of *** and ***');
    const { header, changes } = readRecording(file, text);
    expect(header).toMatchObject({ format: 'minithena-recording', version: 1, cluster: 'default' });
    const kinds = changes.flatMap((each) => ('object' in each ? each.kind : []));
    expect(kinds).toEqual(['ModelServing', 'ServingGroup', 'ServingGroup', 'Pod', 'ScalingOperation']);
  });
  it('says which of the names is of nothing yet, and refuses no time at all', async () => {
    const { stderr } = await recordOnce(['sample', 'smaple']);
    expect(stderr).toContain('no ModelServing smaple in namespace default: recorded from when there is one');
    const none = await runCommand(['record', `${file}.none`, '--for', '0s'], client());
    expect(none).toMatchObject({ code: 64, stderr: expect.stringContaining('--for is longer than nothing') });
    expect(existsSync(`${file}.none`)).toBe(false);
  });
  it('does not write over a file that exists', async () => {
    writeFileSync(file, 'mine');
    const { code, stderr } = await runCommand(['record', file], client());
    expect(code).toBe(1);
    expect(stderr).toContain('hint: another name, or --overwrite');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

describe('replay', () => {
  const replay = (...words: string[]) =>
    runCommand(['replay', file, ...words], new Error('no daemon is asked'));
  it('gives the stage tables back as they were, and the plain lines', async () => {
    await recordOnce();
    const json = await replay('-o', 'json');
    expect(json.code).toBe(0);
    expect((JSON.parse(json.stdout) as { items: unknown[] }).items).toEqual([complete]);
    const { code, stdout } = await replay('--speed', 'max');
    expect(code).toBe(0);
    expect(stdout).toContain('✅ sample Available: All Serving groups are ready');
    expect(stdout).toContain('✅ operation sample-2 Complete, stage 2: Scale completed');
  });
  it('tolerates half a last line, and says so', async () => {
    await recordOnce();
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"atMs":99,"ty`);
    const { code, stderr } = await replay('--speed', 'max');
    expect(code).toBe(0);
    expect(stderr).toContain('half there');
  });
  it.each<[string, (text: string) => string, RegExp]>([
    ['what is none', () => 'kind: ModelServing\n', /no recording\nhint: make one with/],
    ['an empty file', () => '', /is empty/],
    ['nothing but a header', (text) => `${text.split('\n')[0]}\n`, /holds no change/],
    ['a newer version', (text) => text.replace('"version":1', '"version":2'), /recording of version 2/],
    [
      'a broken line',
      (text) => text.replace('{"atMs"', '{"atMs" x'),
      /a\.jsonl:2:\d+: error RecordingInvalid/,
    ],
    [
      'another kind',
      (text) => text.replace('"kind":"ModelServing","object"', '"kind":"Cow","object"'),
      /kind "Cow"/,
    ],
  ])('refuses %s', async (_what, edit, words) => {
    await recordOnce();
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
    const { code, stderr } = await replay('--speed', 'max');
    expect(stderr).toMatch(words);
    expect(code).toBe(65);
  });
  it('refuses a speed and a start that cannot be', async () => {
    await recordOnce();
    expect((await replay('--speed', 'fast')).code).toBe(64);
    expect((await replay('--start', '1h')).stderr).toContain('is after the end');
  });
});

const line = (atMs: number, replicas: number) => ({
  atMs,
  type: 'MODIFIED',
  kind: 'ModelServing',
  object: serving({ replicas }),
});
const moving = readRecording(
  'a',
  `${[
    { format: 'minithena-recording', version: 1, startedAt: '2026-01-01T00:00:00Z', cluster: 'default' },
    { ...line(0, 3), type: 'ADDED' },
    line(1000, 4),
    line(9000, 5),
  ]
    .map((each) => JSON.stringify(each))
    .join('\n')}\n`,
);

describe('the player', () => {
  it('keeps to the clock at its speed, pauses, steps and changes speed', () => {
    const clock = manualClock();
    const playing = player(moving, clock, { speed: 2, startMs: 0 });
    const heard: number[] = [];
    playing.play(({ atMs }) => heard.push(atMs));
    expect(heard).toEqual([0]);
    clock.advance(499);
    expect(heard).toEqual([0]);
    clock.advance(1);
    expect(heard).toEqual([0, 1000]);
    playing.togglePause();
    clock.advance(60_000);
    expect(playing.status()).toMatchObject({ positionMs: 1000, paused: true, ended: false });
    playing.faster();
    playing.togglePause();
    clock.advance(1000);
    expect(playing.status()).toMatchObject({ positionMs: 5000, speed: 4 });
    playing.step();
    expect(heard).toEqual([0, 1000, 9000]);
    expect(playing.status()).toMatchObject({ positionMs: 9000, ended: true });
  });
  it('goes back to the change before and by ten seconds, and tells all that was there then', () => {
    const gone = readRecording(
      'b',
      `${[
        { format: 'minithena-recording', version: 1, startedAt: '2026-01-01T00:00:00Z', cluster: 'default' },
        { ...line(0, 3), type: 'ADDED' },
        line(1000, 4),
        { atMs: 2000, type: 'ADDED', kind: 'Pod', object: pod('sample-0-prefill-0-0', {}) },
        { ...line(30_000, 4), type: 'DELETED' },
      ]
        .map((each) => JSON.stringify(each))
        .join('\n')}\n`,
    );
    const clock = manualClock();
    const playing = player(gone, clock, { speed: 1, startMs: 0 });
    let there: string[] = [];
    let stale: string[] = [];
    playing.play((change) => {
      const keep = (each: string) => !each.startsWith(`${change.kind} `);
      if (change.type === 'DISCONNECTED') stale = [...stale, ...there.filter((each) => !keep(each))];
      else if (change.type === 'SYNCED') {
        there = there.filter((each) => keep(each) || !stale.includes(each));
        stale = stale.filter(keep);
      } else {
        const name = `${change.kind} ${change.object.metadata.name}`;
        const replicas =
          change.kind === 'ModelServing'
            ? (change.object as { spec: { replicas: number } }).spec.replicas
            : '';
        stale = stale.filter((each) => !each.startsWith(name));
        there = there.filter((each) => !each.startsWith(name));
        if (change.type !== 'DELETED') there.push(`${name} ${replicas}`.trim());
      }
    });
    clock.advance(30_000);
    expect(playing.status().ended).toBe(true);
    expect(there).toEqual(['Pod sample-0-prefill-0-0']);
    playing.stepBack();
    expect(playing.status()).toMatchObject({ positionMs: 2000, paused: true, ended: false });
    expect(there.sort()).toEqual(['ModelServing sample 4', 'Pod sample-0-prefill-0-0']);
    playing.stepBack();
    expect(there).toEqual(['ModelServing sample 4']);
    playing.stepBack();
    playing.stepBack();
    expect(playing.status()).toMatchObject({ positionMs: 0 });
    expect(there).toEqual(['ModelServing sample 3']);
    playing.jumpOn();
    expect(playing.status()).toMatchObject({ positionMs: 10_000, paused: true });
    expect(there.sort()).toEqual(['ModelServing sample 4', 'Pod sample-0-prefill-0-0']);
    playing.jumpBack();
    expect(there).toEqual(['ModelServing sample 3']);
    playing.togglePause();
    clock.advance(1500);
    expect(there).toEqual(['ModelServing sample 4']);
  });
  it('tells at once what was before its start, and at max everything', () => {
    const heard = (speed: number | 'max', startMs: number) => {
      let count = 0;
      player(moving, manualClock(), { speed, startMs }).play(() => (count += 1));
      return count;
    };
    expect(heard(1, 1500)).toBe(2);
    expect(heard('max', 0)).toBe(3);
  });
});

it('is shown on the board, with its own keys, time and no actions', async () => {
  const clock = manualClock();
  const playing = player(moving, clock, { speed: 4, startMs: 0 });
  const board = recordingClient(moving);
  const terminal = fakeTerminal(100, 30);
  const ended = runTui({
    client: board,
    cluster: 'default',
    ascii: false,
    input: terminal.input,
    output: terminal.output,
    replay: {
      ...playing,
      play: () => playing.play(board.hear),
      nowMs: () => moving.startedMs + playing.status().positionMs,
    },
  });
  const shows = (text: string | RegExp) =>
    expect.poll(() => terminal.text().join('\n'), { timeout: 30_000 }).toMatch(text);
  try {
    await shows(/replay 0:00 \/ 0:09 · 4x[\s\S]*2\/3 groups Running/);
    terminal.type('.');
    await shows(/replay 0:01 \/ 0:09 · 4x · paused[\s\S]*2\/4 groups Running/);
    terminal.type('+');
    await shows(/· 8x · paused/);
    terminal.type('l');
    await shows(/a recording holds no logs/);
    terminal.type('.');
    await shows(/0:09 \/ 0:09 · 8x · end[\s\S]*2\/5 groups Running/);
    terminal.type(',');
    await shows(/replay 0:01 \/ 0:09 · 8x · paused[\s\S]*2\/4 groups Running/);
    terminal.type('(');
    await shows(/replay 0:00 \/ 0:09 · 8x · paused[\s\S]*2\/3 groups Running/);
    expect(terminal.text().join('\n')).not.toContain('DAEMON LOST');
  } finally {
    terminal.type('q');
    await ended;
  }
  expect(terminal.written()).not.toContain('Everything goes on running');
});
