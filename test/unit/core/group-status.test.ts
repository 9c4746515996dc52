import { describe, expect, it } from 'vitest';
import { groupStatus } from '../../../src/core/group-status.js';
import { expectedPods, instanceStatus } from '../../../src/core/instance-status.js';
import type { GroupObserved, Observed } from '../../../src/core/types.js';
import { failedAt, role, running, wanted, withInstance, withPods } from './world.js';

const roles = [role('prefill', 2), role('decode', 1, 'a', 2)];
const template = ({ role: name }: { role: string }) => roles.find((each) => each.name === name);
const healthy = running(wanted(1, roles));
const group = (state: Observed, record: Partial<GroupObserved['record']> = {}): GroupObserved => {
  const [first] = state.groups as [GroupObserved];
  return { ...first, record: { ...first.record, ...record } };
};
const mark = { reason: 'SurplusInstance', atMs: 0 };

describe('a role instance', () => {
  const [decode] = healthy.groups[0]?.instances.filter((each) => each.role === 'decode') ?? [];

  it('is Running when the entry pod and all workers are ready', () => {
    expect(decode && expectedPods(decode, template(decode))).toBe(3);
    expect(decode && instanceStatus(decode, 3)).toBe('Running');
  });

  it.each([
    ['a pod is missing', { pods: decode?.pods.slice(1) ?? [] }],
    ['a pod is lost', { lost: [1] }],
    ['a pod is unready', { pods: decode?.pods.map((pod) => ({ ...pod, ready: false })) ?? [] }],
    ['a pod is being deleted', { pods: decode?.pods.map((pod) => ({ ...pod, deleting: true })) ?? [] }],
    ['a pod failed', { pods: decode?.pods.map((pod) => ({ ...pod, ...failedAt(0) })) ?? [] }],
  ])('is Creating when %s', (_when, change) => {
    expect(decode && instanceStatus({ ...decode, ...change }, 3)).toBe('Creating');
  });

  it('is Deleting once marked, whatever its pods are', () => {
    expect(decode && instanceStatus({ ...decode, deleting: mark }, 3)).toBe('Deleting');
  });

  it('counts what is there when its template is not known', () => {
    expect(decode && expectedPods(decode, undefined)).toBe(3);
  });
});

describe('a ServingGroup', () => {
  it('is Running with exactly the counts of its record', () => {
    expect(groupStatus(group(healthy), template)).toBe('Running');
    expect(groupStatus(group(healthy, { counts: { prefill: 3, decode: 1 } }), template)).toBe('Creating');
    expect(groupStatus(group(healthy, { counts: { prefill: 1, decode: 1 } }), template)).toBe('Creating');
  });

  it('that was Running and has an unready pod is Creating', () => {
    expect(groupStatus(group(withPods(healthy, 0, 'decode-0', { ready: false })), template)).toBe('Creating');
  });

  it('that was Scaling stays so until all its pods are ready, failures meanwhile included', () => {
    const failing = withPods(healthy, 0, 'decode-0', failedAt(0));
    expect(groupStatus(group(failing, { status: 'Scaling' }), template)).toBe('Scaling');
    expect(groupStatus(group(healthy, { status: 'Scaling' }), template)).toBe('Running');
  });

  it('is not Running while a surplus instance is still going', () => {
    const going = withInstance(healthy, 0, 'prefill-1', (instance) => ({
      ...instance,
      deleting: mark,
      pods: [],
    }));
    expect(
      groupStatus(group(going, { counts: { prefill: 1, decode: 1 }, status: 'Scaling' }), template),
    ).toBe('Scaling');
  });

  it('is Deleting once recorded so', () => {
    expect(groupStatus(group(healthy, { deleting: mark }), template)).toBe('Deleting');
  });
});
