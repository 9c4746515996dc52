import { expect, it } from 'vitest';
import { ownerLabel } from '../../../src/api/labels.js';
import type { ContainerDetails } from '../../../src/kubelet/engine.js';
import { engineRestarted } from '../../../src/kubelet/engine-restarted.js';

const container = (podUid: string, state: ContainerDetails['state'], finishedAtMs?: number) =>
  ({
    containerId: podUid,
    state,
    labels: { [ownerLabel.podUid]: podUid },
    ...(finishedAtMs === undefined ? {} : { finishedAtMs }),
  }) as unknown as ContainerDetails;
const dead = (podUid: string, finishedAtMs: number) => container(podUid, 'exited', finishedAtMs);
const gap = {
  containers: [dead('a', 1_000_000), dead('b', 1_000_500)],
  markBefore: undefined,
  markNow: undefined,
  lostAtMs: undefined,
};

it.each([
  ['nothing runs here', { containers: [] }, false],
  ['several died together while we were away', {}, true],
  ['one survived', { containers: [...gap.containers, container('c', 'running')] }, false],
  ['one pod alone is dead', { containers: [dead('a', 1_000_000)] }, false],
  ['two containers of one pod are dead', { containers: [dead('a', 1_000_000), dead('a', 1_000_000)] }, false],
  ['they died hours apart', { containers: [dead('a', 1_000_000), dead('b', 9_000_000)] }, false],
  ['the engine is the same as before', { markBefore: 'x', markNow: 'x' }, false],
  [
    'one pod alone, and the engine started anew',
    { containers: [dead('a', 1)], markBefore: 'x', markNow: 'y' },
    true,
  ],
  [
    'one pod alone died when contact was lost',
    { containers: [dead('a', 1_000_000)], lostAtMs: 1_001_000 },
    true,
  ],
  ['all had died long before contact was lost', { lostAtMs: 5_000_000 }, false],
  ['only created ones are left', { containers: [container('a', 'created')] }, false],
])('%s', (_what, more, restarted) => {
  expect(engineRestarted({ ...gap, ...more })).toBe(restarted);
});
