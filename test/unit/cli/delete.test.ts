import { expect, test } from 'vitest';
import { fakeClient } from './fake-client.js';
import { runCommand } from './run-command.js';

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [] },
});

test('delete pod: by name, by TYPE/NAME, with a grace period', async () => {
  const client = fakeClient({ pods: [pod('a'), pod('b')] });
  expect(await runCommand(['delete', 'pod', 'a'], client)).toMatchObject({
    code: 0,
    stdout: 'pod "a" deleted\n',
  });
  await runCommand(['delete', 'pod/b', '--grace-period', '0'], client);
  expect(client.calls.filter((call) => call.startsWith('delete'))).toEqual([
    'delete pod default/a as it says',
    'delete pod default/b 0',
  ]);
});

test.each([
  [['delete', 'ms', 'sample'], /delete takes pods, not modelservings/],
  [['delete', 'pods'], /say which pods/],
  [['delete', 'pod', 'gone'], /not found/],
  [['delete', 'pod', 'a', '--grace-period', '-1'], /not a number of seconds/],
])('%j is refused', async (args, why) => {
  const { code, stderr } = await runCommand(args, fakeClient({ pods: [pod('a')] }));
  expect(code).not.toBe(0);
  expect(stderr).toMatch(why);
});
