import { describe, expect, it } from 'vitest';
import type { ModelServing } from '../../../src/api/types/model-serving.js';
import type { ScalingOperation } from '../../../src/api/types/resources.js';
import { revisionNamed, type StoredTemplate } from '../../../src/cli/revisions-of.js';
import { lasting, rolloutProgress } from '../../../src/cli/rollout-progress.js';

const serving = (status: object, more: { paused?: boolean; generation?: number } = {}): ModelServing =>
  ({
    metadata: {
      name: 'sample',
      generation: more.generation ?? 2,
      annotations: more.paused ? { 'minithena.dev/paused': 'true' } : {},
    },
    spec: { replicas: 4 },
    status: { observedGeneration: 2, replicas: 4, availableReplicas: 4, updatedReplicas: 4, ...status },
  }) as never;
const operation = (phase: string, holds: { reason: string; message: string }[] = []): ScalingOperation =>
  ({
    status: { phase, holds, stages: [{ startedAt: '2026-01-01T00:00:00Z', note: 'G-3 is updating' }] },
  }) as never;

describe('where a roll-out stands', () => {
  it.each([
    ['complete', serving({}), operation('Complete'), 'modelserving "sample" successfully rolled out'],
    // A partition keeps some as they are: the operation knows.
    [
      'complete',
      serving({ updatedReplicas: 2 }),
      operation('Complete'),
      'modelserving "sample" successfully rolled out',
    ],
    [
      'waiting',
      serving({}, { generation: 3 }),
      operation('Complete'),
      '4 of 4 ServingGroups updated, 4 Running; the spec is not seen yet',
    ],
    [
      'waiting',
      serving({ availableReplicas: 3, updatedReplicas: 1 }),
      operation('Running', [{ reason: 'UnavailableBudget', message: 'G-2 waits' }]),
      '1 of 4 ServingGroups updated, 3 Running; G-2 waits',
    ],
    [
      'waiting',
      serving({ updatedReplicas: 1 }),
      operation('Running'),
      '1 of 4 ServingGroups updated, 4 Running; G-3 is updating',
    ],
    [
      'paused',
      serving({ updatedReplicas: 1 }, { paused: true }),
      operation('Running', [{ reason: 'Paused', message: 'paused' }]),
      '1 of 4 ServingGroups updated, 4 Running; the roll-out is paused',
    ],
    [
      'waiting',
      serving({ availableReplicas: 3 }),
      undefined,
      '4 of 4 ServingGroups updated, 3 Running; nothing has begun yet',
    ],
  ])('%s', (state, of, at, line) => {
    expect(rolloutProgress(of, at)).toMatchObject({ state, line });
  });

  it('says for how long', () => {
    expect(lasting(1_000, 13_400)).toBe(' (for 12s)');
    expect(lasting(1_000, 1_400)).toBe('');
    expect(lasting(undefined, 1_400)).toBe('');
  });
});

it('a revision is known by its number or its hash; for another, those that exist are listed', () => {
  const all = [
    { number: 1, hash: 'aaa' },
    { number: 4, hash: 'bbb' },
  ] as StoredTemplate[];
  expect(revisionNamed(all, '4')).toBe(all[1]);
  expect(revisionNamed(all, 'aaa')).toBe(all[0]);
  expect(() => revisionNamed(all, '2')).toThrow(
    expect.objectContaining({ code: 'NotFound', hint: 'there are: 1 (aaa), 4 (bbb)' }) as Error,
  );
});
