import type { ResourceRequirements } from 'kubernetes-types/core/v1.js';
import { expect, it } from 'vitest';
import { qosClass } from '../../../src/api/qos-class.js';

const both = { cpu: '500m', memory: '1Gi' };

it.each<[string, ResourceRequirements[], ResourceRequirements[]]>([
  ['BestEffort', [{}], []],
  ['BestEffort', [{ requests: { cpu: '0' } }], [{}]],
  ['BestEffort', [{ limits: { 'nvidia.com/gpu': '1' } }], []],
  ['Burstable', [{ requests: { cpu: '1m' } }], []],
  ['Burstable', [{}], [{ limits: { memory: '1Mi' } }]],
  ['Burstable', [{ limits: both }, {}], []],
  ['Burstable', [{ limits: both, requests: { cpu: '400m' } }], []],
  ['Burstable', [{ limits: both }], [{}]],
  ['Guaranteed', [{ limits: both }], []],
  ['Guaranteed', [{ limits: both, requests: { cpu: 0.5 as never, memory: '1024Mi' } }], [{ limits: both }]],
])('%s: %j, to begin with %j', (wanted, containers, initContainers) => {
  const named = (resources: ResourceRequirements, at: number) => ({ name: `c${at}`, resources });
  const spec = { containers: containers.map(named), initContainers: initContainers.map(named) };
  expect(qosClass(spec)).toBe(wanted);
});
