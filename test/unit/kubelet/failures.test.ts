import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Failure } from '../../../src/api/control-types.js';
import { label } from '../../../src/api/labels.js';
import type { Pod } from '../../../src/api/types/resources.js';
import { openFailures } from '../../../src/kubelet/failures.js';

const folder = mkdtempSync(join(tmpdir(), 'failures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pod = (roleId: string, index = 0): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace: 'default',
    name: `sample-0-${roleId}-${index}`,
    labels: { [label.modelServing]: 'sample', [label.group]: 'sample-0', [label.roleId]: roleId },
  },
  spec: { containers: [] },
});
const failure = (of: Pod, containerId: string): Failure => ({
  pod: of.metadata.name,
  container: 'vllm',
  containerId,
  image: 'sample:1',
  attempt: 0,
  exitCode: 1,
  reason: 'Error',
  log: '',
  inspect: {},
});

test('are found by the name of a pod that is gone, of its role instance and no other', () => {
  const failures = openFailures(folder, (error) => expect.unreachable(String(error)));
  expect(failures.named('default', 'sample-0-decode-0-0')).toEqual([]);
  failures.add(pod('decode-0'), failure(pod('decode-0'), 'a'));
  failures.add(pod('decode-0', 1), failure(pod('decode-0', 1), 'b'));
  failures.add(pod('decode-1'), failure(pod('decode-1'), 'c'));
  const ids = (namespace: string, name: string) =>
    failures.named(namespace, name).map((each) => each.containerId);
  expect(ids('default', 'sample-0-decode-0-0')).toEqual(['b', 'a']);
  expect(ids('default', 'sample-0-decode-1-0')).toEqual(['c']);
  expect(ids('other', 'sample-0-decode-0-0')).toEqual([]);
  failures.drop('default', 'sample');
  expect(ids('default', 'sample-0-decode-0-0')).toEqual([]);
});

test('a cause that the engine tells late is added to the run that it is of, also when the pod is gone', () => {
  const failures = openFailures(folder, (error) => expect.unreachable(String(error)));
  const greedy = pod('greedy-0');
  for (const id of ['a', 'b']) failures.add(greedy, failure(greedy, id));
  failures.markOutOfMemory({ metadata: greedy.metadata }, 'a');
  failures.markOutOfMemory({ metadata: greedy.metadata }, 'unknown');
  failures.markOutOfMemory(pod('nothing-0'), 'a');
  expect(failures.of(greedy).map((each) => [each.containerId, each.reason])).toEqual([
    ['b', 'Error'],
    ['a', 'OOMKilled'],
  ]);
  expect(failures.of(pod('nothing-0'))).toEqual([]);
});
