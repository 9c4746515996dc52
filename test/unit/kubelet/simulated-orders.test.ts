import { expect, it } from 'vitest';
import { parseSimulatedOrders } from '../../../src/api/simulated-orders.js';
import type { Pod } from '../../../src/api/types/resources.js';
import { simulatedOrders } from '../../../src/kubelet/map/simulated-orders.js';
import { world } from './world.js';

const pod = (text: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns', annotations: { 'minithena.dev/simulate': text } },
  spec: { containers: [] },
});

it.each([
  ['', false, {}],
  ['', true, { simulated: { isInit: true } }],
  [
    'ready-after=2s, exit-after=1m,exit-code=3',
    false,
    { simulated: { readyAfterMs: 2000, exitAfterMs: 60_000, exitCode: 3 } },
  ],
  ['other:exit-after=1m main:ready-after=5', false, { simulated: { readyAfterMs: 5000 } }],
  ['exit-code=3', true, { simulated: { isInit: true } }],
  ['main:exit-code=3', true, { simulated: { isInit: true, exitCode: 3 } }],
])('%s (init: %s)', (text, isInit, expected) => {
  expect(simulatedOrders(pod(text), 'main', isInit)).toEqual(expected);
});

it('words that say nothing are told', () => {
  expect(parseSimulatedOrders('ready-after=soon exit-code=x, redy-after=2s main:exit-after=1m')).toEqual({
    orders: [{ container: 'main', order: { exitAfterMs: 60_000 } }],
    unknown: ['ready-after=soon', 'exit-code=x', 'redy-after=2s'],
  });
});

it('is carried out on the clock: init ends, ready late, ends with its code, and the next run as well', async () => {
  const w = await world({ initMs: 500 });
  const made = w.add({
    initContainers: [{ name: 'init', image: 'i' }],
    containers: [{ name: 'main', image: 'i', readinessProbe: { httpGet: { port: 80 }, periodSeconds: 1 } }],
  });
  w.store.update('pods', {
    ...made,
    metadata: {
      ...made.metadata,
      annotations: { 'minithena.dev/simulate': 'ready-after=3s,exit-after=20s,exit-code=3' },
    },
  });
  await w.pass(2500);
  expect([w.main()?.state?.running !== undefined, w.ready()]).toEqual([true, 'False']);
  await w.pass(3000);
  expect(w.ready()).toBe('True');
  await w.pass(20_000);
  expect(w.main()?.lastState?.terminated?.exitCode).toBe(3);
});
