import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/api/types/resources.js';
import { drillTargets, pickSome } from '../../../src/cli/drill-targets.js';
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

  it.each([
    [['chaos', 'burn', 'a-1'], 64, /burn is no drill/],
    [['chaos', 'kill'], 64, /say what to break/],
    [['chaos', 'kill', 'foreign'], 1, /no pod of this daemon is meant by foreign/],
    [['chaos', 'kill', 'a-1', '--count', 'x'], 64, /whole number/],
  ])('%j', async (words, code, message) => {
    const client = fakeClient({ pods });
    const done = await runCommand(words, client);
    expect(done.code).toBe(code);
    expect(done.stderr).toMatch(message);
    expect(client.calls.filter((call) => call.startsWith('drill'))).toEqual([]);
  });
});
