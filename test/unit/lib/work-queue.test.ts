import { expect, it } from 'vitest';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { workQueue } from '../../../src/lib/work-queue.js';

it('tells its passes and what waits', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const queue = workQueue({
    clock: manualClock(),
    async run(key) {
      if (key === 'held') await held;
      if (key === 'bad') throw new Error('bad');
      return undefined;
    },
  });
  for (const key of ['good', 'bad', 'held', 'after']) queue.add(key);
  queue.add('later', 1000);
  await expect
    .poll(() => queue.figures())
    .toMatchObject({ passes: { succeeded: 1, failed: 1 }, running: 1, due: 1, delayed: 2 });
  release();
  await queue.idle();
  expect(queue.figures()).toMatchObject({ passes: { succeeded: 3 }, running: 0, due: 0, delayed: 2 });
  await queue.close();
});
