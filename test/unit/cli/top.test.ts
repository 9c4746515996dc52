import { expect, it } from 'vitest';
import { fakeClient } from './fake-client.js';
import { runCommand } from './run-command.js';

const measured = { apiVersion: 'metrics.k8s.io/v1beta1', timestamp: '2026-01-01T00:00:00Z', window: '1s' };
const pod = (name: string, ...usages: { cpu: string; memory: string }[]) => ({
  ...measured,
  kind: 'PodMetrics',
  metadata: { name, namespace: 'default' },
  containers: usages.map((usage, at) => ({ name: `c${at}`, usage })),
});
function client() {
  const fake = fakeClient({
    nodes: [
      {
        metadata: { name: 'minithena', namespace: '' },
        status: { allocatable: { cpu: '2', memory: '4Gi' } },
      },
    ],
  });
  fake.used = {
    pods: [
      pod('s-0', { cpu: '250000001n', memory: '2048Ki' }, { cpu: '1m', memory: '1Mi' }),
      pod('s-1', { cpu: '0n', memory: '100Mi' }),
    ],
    nodes: [
      {
        ...measured,
        kind: 'NodeMetrics',
        metadata: { name: 'minithena' },
        usage: { cpu: '500m', memory: '1Gi' },
      },
    ],
  };
  return fake;
}

it.each([
  ['top pods', 'NAME   CPU(cores)   MEMORY(bytes)\ns-0    252m         3Mi\ns-1    0m           100Mi\n'],
  ['top po --no-headers --sort-by memory', 's-1   0m     100Mi\ns-0   252m   3Mi\n'],
  ['top pods s-1 --no-headers', 's-1   0m   100Mi\n'],
  [
    'top pods -A --containers --sort-by cpu',
    [
      'NAMESPACE   POD   NAME   CPU(cores)   MEMORY(bytes)',
      'default     s-0   c0     251m         2Mi',
      'default     s-0   c1     1m           1Mi',
      'default     s-1   c0     0m           100Mi',
      '',
    ].join('\n'),
  ],
  [
    'top nodes',
    'NAME        CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)\nminithena   500m         25%      1024Mi          25%\n',
  ],
])('%s', async (line, expected) => {
  expect(await runCommand(line, client())).toEqual({ code: 0, stdout: expected, stderr: '' });
});

it.each<[string, number, RegExp]>([
  ['top ms', 64, /ms are not measured/],
  ['top pods --sort-by disk', 64, /known are cpu and memory/],
  ['top nodes --containers', 64, /for pods/],
  ['top pods -o yaml', 64, /known is json/],
])('%s says what is wrong', async (line, code, words) => {
  const ran = await runCommand(line, client());
  expect([ran.code, ran.stderr]).toEqual([code, expect.stringMatching(words)]);
});

it('says that nothing runs, and answers programs in JSON', async () => {
  const none = await runCommand('top pods', fakeClient());
  expect([none.code, none.stdout, none.stderr]).toEqual([
    0,
    '',
    expect.stringMatching(/No resources found.*Only what runs is measured/),
  ]);
  expect(JSON.parse((await runCommand('top pods s-0 -o json', client())).stdout)).toMatchObject({
    kind: 'PodMetrics',
  });
});
