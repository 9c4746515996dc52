import { afterAll, beforeAll, expect, it } from 'vitest';
import { dockerBed } from './docker-bed.js';
import { eventually } from './eventually.js';
import { kubeletBed } from './kubelet-bed.js';

let bed: Awaited<ReturnType<typeof dockerBed>>;
let k: Awaited<ReturnType<typeof kubeletBed>>;
beforeAll(async () => {
  bed = await dockerBed('usage');
  k = await kubeletBed(bed);
});
afterAll(async () => {
  await k.close();
  await bed.close();
});

it('measures the containers of pods, one that computes and one that sleeps, and none that has ended', async () => {
  k.add('busy', {
    containers: [k.container({ script: 'while :; do :; done' }), k.container({ name: 'calm' })],
  });
  k.add('over', { containers: [k.container({ script: 'true' })], restartPolicy: 'Never' });
  const busy = await k.ready('busy');
  const over = await k.untilPod('over', 'has ended', (pod) => pod.status?.phase === 'Succeeded');
  const uidOf = (pod: typeof busy) => pod.metadata.uid ?? '';
  const usage = await eventually('the loop is seen to compute', async () => {
    const measured = (await k.kubelet.usage([uidOf(busy), uidOf(over), 'unknown'])).get(uidOf(busy)) ?? [];
    const of = (name: string) => measured.find((each) => each.container === name);
    const [main, calm] = [of('main'), of('calm')];
    return (
      main && calm && main.cpuNanos > 10 * calm.cpuNanos && main.cpuNanos > 5e7 && { main, calm, measured }
    );
  });
  expect(usage.measured.map((each) => each.container).sort()).toEqual(['calm', 'main']);
  for (const { memoryBytes, spanMs, atMs } of usage.measured) {
    expect(memoryBytes).toBeGreaterThan(0);
    expect(memoryBytes).toBeLessThan(50 * 2 ** 20);
    expect(spanMs).toBeGreaterThan(0);
    expect(atMs).toBeGreaterThan(0);
  }
  expect([...(await k.kubelet.usage([uidOf(over)])).keys()]).toEqual([]);
});
