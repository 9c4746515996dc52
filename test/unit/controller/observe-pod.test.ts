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
