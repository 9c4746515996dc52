import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/api/types/resources.js';
import { drillTargets, pickSome } from '../../../src/cli/drill-targets.js';
import { AppError } from '../../../src/lib/app-error.js';
import { seededRandom } from '../../../src/lib/seeded-random.js';
import { fakeClient } from './fake-client.js';
import { runCommand } from './run-command.js';

const pod = (serving: string, group: number, roleId: string, index = 0, more: object = {}): Pod =>
  ({
    metadata: {
      name: `${serving}-${group}-${roleId}-${index}`,
      namespace: 'default',
      labels: {
        'modelserving.volcano.sh/name': serving,
        'modelserving.volcano.sh/group-name': `${serving}-${group}`,
        'modelserving.volcano.sh/role-id': roleId,
      },
      ...more,
    },
  }) as never;
const pods = [
  pod('a', 0, 'decode-0'),
  pod('a', 0, 'decode-0', 1),
  pod('a', 1, 'decode-0'),
  pod('a', 1, 'prefill-0'),
  pod('a-1', 0, 'decode-0'),
  pod('a', 2, 'decode-0', 0, { deletionTimestamp: 'now' }),
];

describe('who is meant', () => {
  it.each([
    ['a-0-decode-0-1', ['a-0-decode-0-1']],
    ['pod/a-0-decode-0-1', ['a-0-decode-0-1']],
    ['a-0-decode-0', ['a-0-decode-0-0', 'a-0-decode-0-1']],
    ['prefill-0', ['a-1-prefill-0-0']],
    ['a-1', ['a-1-decode-0-0', 'a-1-prefill-0-0']],
    ['sg/a-1', ['a-1-decode-0-0', 'a-1-prefill-0-0']],
    ['G-1', ['a-1-decode-0-0', 'a-1-prefill-0-0']],
    ['group/0', ['a-0-decode-0-0', 'a-0-decode-0-1', 'a-1-0-decode-0-0']],
    ['ms/a-1', ['a-1-0-decode-0-0']],
    ['G-2', []],
    ['nobody', []],
  ])('%s', (word, names) => {
    expect(drillTargets(pods, word).map(({ metadata }) => metadata.name)).toEqual(names);
  });

  it('the same seed chooses the same way, and no one twice', () => {
    const chosen = (seed: number) => pickSome([1, 2, 3, 4, 5], 4, seededRandom(seed));
    expect(chosen(7)).toEqual(chosen(7));
    expect(new Set(chosen(7)).size).toBe(4);
    expect([1, 2, 3, 4, 5, 6].map((seed) => chosen(seed).join()).length).toBeGreaterThan(1);
    const many = Array.from({ length: 1000 }, seededRandom(1));
    expect(Math.min(...many)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...many)).toBeLessThan(1);
  });
});

describe('minithena chaos', () => {
  it('hits all that are meant, says what it did, and nothing when it only tries', async () => {
    const client = fakeClient({ pods });
    const done = await runCommand(['chaos', 'kill', 'a-1'], client);
    expect(client.calls.filter((call) => call.startsWith('drill'))).toEqual([
      'drill kill a-1-decode-0-0',
      'drill kill a-1-prefill-0-0',
    ]);
    expect(done.stdout).toMatch(/^\d\d:\d\d:\d\d ChaosKill pod\/a-1-decode-0-0: /);
    await runCommand(['chaos', 'kill', 'a-1', '--dry-run'], client);
    expect(client.calls.filter((call) => call.startsWith('drill')).length).toBe(2);
  });

  it('goes on when one of them is down already', async () => {
    const client = fakeClient({ pods });
    const { drill } = client.control;
    client.control.drill = async (request) => {
      if (request.pod !== 'a-1-decode-0-0') return drill(request);
      throw new AppError('Conflict', 'container main of a-1-decode-0-0 does not run');
    };
    const done = await runCommand(['chaos', 'kill', 'a-1'], client);
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('a-1-decode-0-0 does not run') });
    expect(done.stdout).toContain('pod/a-1-prefill-0-0');
    expect((await runCommand(['chaos', 'kill', 'a-1-decode-0-0'], client)).code).toBe(1);
  });

  it.each<[string[], number, RegExp, Pod[]?]>([
    [['chaos', 'burn', 'a-1'], 64, /burn is no drill/],
    [['chaos', 'kill'], 64, /say what to break/],
    [['chaos', 'kill', 'foreign'], 1, /no pod of this daemon is meant by foreign/],
    [['chaos', 'kill', 'a-1', '-l', 'x=y'], 1, /no pod of this daemon is meant by a-1 -l x=y/, []],
    [['chaos', 'kill', 'a-1', '--count', 'x'], 64, /whole number from 1/],
    [['chaos', 'kill', 'a-1', '--count', '0'], 64, /whole number from 1/],
    [['chaos', 'exit', 'a-1', '--code', '256'], 64, /whole number from 0 to 255/],
    [['chaos', 'kill', 'a-1', '--every', '0s'], 64, /--every is longer than nothing/],
    [['chaos', 'pause', 'a-1', '--for', '0'], 64, /--for is longer than nothing/],
    [['chaos', 'kill', 'a-1', '-c', 'side'], 1, /container side is not valid for pod a-1-decode-0-0/],
    [['chaos', 'kill', 'a-1', '-c', 'side', '--dry-run'], 1, /container side is not valid for pod a-1-d/],
  ])('%j', async (words, code, message, found = pods) => {
    const client = fakeClient({ pods: found });
    const done = await runCommand(words, client);
    expect(done.code).toBe(code);
    expect(done.stderr).toMatch(message);
    expect(client.calls.filter((call) => call.startsWith('drill'))).toEqual([]);
  });
});
