import { expect, it } from 'vitest';
import { followMessage, pullMessage } from '../../../src/api/pull-message.js';
import type { Pod } from '../../../src/api/types/resources.js';
import { observePod } from '../../../src/controller/observe-pod.js';

const pulling = (message: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns' },
  spec: { containers: [{ name: 'main', image: 'r.io/a:1' }] },
  status: {
    phase: 'Pending',
    containerStatuses: [
      {
        name: 'main',
        image: 'r.io/a:1',
        imageID: '',
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: 'ContainerCreating', message } },
      },
    ],
  },
});

it('a pod whose image is being pulled waits for that, in the same words however far it is', () => {
  for (const message of [
    pullMessage('r.io/a:1'),
    pullMessage('r.io/a:1', { doneBytes: 1, totalBytes: 2 }),
    followMessage('r.io/a:1', 'q'),
  ]) {
    const { pod } = observePod(pulling(message), 0, undefined, 0);
    expect(pod).toMatchObject({ phase: 'Pending', waitsFor: 'pulling image "r.io/a:1"' });
    expect(pod.heldUp).toBeUndefined();
  }
});

it('counts a deletion cost that Kubernetes could not read as none', () => {
  const costs: [string | undefined, number][] = [
    ['7', 7],
    ['-10', -10],
    ['0', 0],
    ['-2147483648', -2147483648],
    [undefined, 0],
    ['', 0],
    ['+5', 0],
    ['007', 0],
    ['1.5', 0],
    ['1e3', 0],
    ['2147483648', 0],
    ['cheap', 0],
  ];
  for (const [text, cost] of costs) {
    const pod = pulling('');
    if (text !== undefined) pod.metadata.annotations = { 'controller.kubernetes.io/pod-deletion-cost': text };
    expect(observePod(pod, 0, undefined, 0).pod.deletionCost, text).toBe(cost);
  }
});

const ran = (restartCount: number, ready: boolean, initRestarts = 0): Pod => {
  const status = { image: '', imageID: '', ready, state: { running: {} } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns' },
    spec: { containers: [{ name: 'main', image: 'a:1' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      initContainerStatuses: [{ ...status, name: 'setup', restartCount: initRestarts }],
      containerStatuses: [{ ...status, name: 'main', restartCount }],
    },
  };
};

it('a restart is a failure until the pod is ready again, whose restarts then count no more', () => {
  const first = observePod(ran(1, false), 0, undefined, 10);
  expect(first.pod.failed?.sinceMs).toBe(10);
  // Its grace runs from the failure on, however often it is looked at.
  const again = observePod(ran(1, false), 0, first.baseline, 20);
  expect(again.pod.failed?.sinceMs).toBe(10);
  const ready = observePod(ran(1, true), 0, again.baseline, 30);
  expect(ready.pod.failed).toBeUndefined();
  expect(observePod(ran(1, false), 0, ready.baseline, 40).pod.failed).toBeUndefined();
  const next = observePod(ran(2, false), 0, ready.baseline, 50);
  expect(next.pod.failed?.sinceMs).toBe(50);
});

it('a restart of an init container is one too, and one that is being deleted is not ready', () => {
  expect(observePod(ran(0, false, 1), 0, undefined, 0).pod.failed).toBeDefined();
  const pod = ran(0, true);
  const deleted = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
  expect(observePod(deleted, 0, undefined, 0).pod).toMatchObject({ ready: false, deleting: true });
});
