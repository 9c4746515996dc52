import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../src/api/types/resources.js';
import { applyChanges } from '../../../src/tui/model/apply-changes.js';
import type { Model } from '../../../src/tui/model/model.js';
import { reduce } from '../../../src/tui/model/reduce.js';
import { treeLines } from '../../../src/tui/model/tree.js';
import { limitOfLine, takeUsage, usageOfLine } from '../../../src/tui/model/usage.js';
import { sparkline } from '../../../src/tui/present/usage-text.js';
import type { MeasuredPod } from '../../../src/tui/tui-client.js';
import { pressKeys } from './press-keys.js';
import { added, running } from './sample-models.js';
import { pod } from './sample-objects.js';

const measured = (
  second: number,
  containers: Record<string, [cpu: string, memory: string]>,
): MeasuredPod => ({
  metadata: { namespace: 'default', name: 'sample-0-prefill-0-0' },
  timestamp: `2026-08-01T12:00:${String(second).padStart(2, '0')}Z`,
  containers: Object.entries(containers).map(([name, [cpu, memory]]) => ({ name, usage: { cpu, memory } })),
});
const one = pod('sample', 0, 'prefill');
const two: Pod = {
  ...one,
  spec: {
    ...one.spec,
    containers: [
      { name: 'vllm', resources: { limits: { cpu: '2', memory: '1Gi' } } },
      { name: 'proxy', resources: { limits: { cpu: '500m' } } },
    ],
  },
};
const model: Model = pressKeys(applyChanges(running, added('pods', two)), 'down', 'down', 'right').model;
const lineOf = (kind: string, name: string) => {
  const line = treeLines(model).find((each) => each.kind === kind && each.name === name);
  if (!line) throw new Error(`no ${kind} ${name}`);
  return line;
};

describe('what was measured', () => {
  test('makes series by container, the sum is the pod’s, aligned at the newest', () => {
    const first = takeUsage(new Map(), [measured(1, { vllm: ['250m', '64Mi'] })]);
    const usage = takeUsage(first, [measured(2, { vllm: ['500m', '128Mi'], proxy: ['1m', '1Mi'] })]);
    expect(usageOfLine(usage, lineOf('container', 'vllm'))?.cpuCores).toEqual([0.25, 0.5]);
    expect(usageOfLine(usage, lineOf('pod', 'sample-0-prefill-0-0'))?.cpuCores).toEqual([0.25, 0.501]);
    expect(usageOfLine(usage, lineOf('group', 'G-0 sample-0'))).toBeUndefined();
  });
  test('the same measurement told twice counts once, the oldest go, and what is gone is forgotten', () => {
    let usage = takeUsage(new Map(), []);
    for (const second of [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      usage = takeUsage(usage, [measured(second, { vllm: [`${second}`, '1Mi'] })]);
    expect(usageOfLine(usage, lineOf('container', 'vllm'))?.cpuCores).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(takeUsage(usage, []).size).toBe(0);
  });
  test('a pod is bounded only when all its containers are', () => {
    const line = lineOf('pod', 'sample-0-prefill-0-0');
    expect([limitOfLine(line, 'cpu'), limitOfLine(line, 'memory')]).toEqual([2.5, undefined]);
    expect(limitOfLine(lineOf('container', 'vllm'), 'memory')).toBe(2 ** 30);
  });
  test('comes as a message', () => {
    const after = reduce(model, { type: 'usage', pods: [measured(1, { vllm: ['1', '1Mi'] })] }).model;
    expect(after.usage.size).toBe(1);
  });
});

test.each([
  [[0, 0.5, 1], 1, 5, '  ▁▅█'],
  [[1, 2, 3, 4], 4, 3, '▅▇█'],
  [[5], 0, 2, ' ▁'],
  [[9], 1, 1, '█'],
  [[], 1, 2, '  '],
])('%j of %d in %d cells is %j', (samples, most, cells, expected) => {
  expect(sparkline(samples, most, cells, false)).toBe(expected);
  expect(sparkline(samples, most, cells, true)).toMatch(/^[\x20-\x7e]*$/);
});
