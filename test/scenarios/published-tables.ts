import { afterEach, describe, expect, it } from 'vitest';
import { type Bed, scenario } from './harness.js';

/** The published stage tables, on whatever engine the bed has. */
export function publishedTables(engineName: string, makeBed: () => Promise<Bed>): void {
  describe(`the published stage tables on ${engineName}`, () => {
    let close: () => Promise<void> = async () => {};
    afterEach(() => close());
    const begin = async () => {
      const s = await scenario(await makeBed());
      close = s.close;
      return s;
    };

    it('scaling up 3 → 4', async () => {
      const s = await begin();
      s.apply(3, [s.role('prefill', 1)]);
      await s.converge();
      s.apply(4, [s.role('prefill', 1)]);
      await s.until('G-3 runs and waits', () => s.pods().length === 4);
      await s.converge();
      expect(s.table()).toEqual([
        '✅ ✅ ✅ | Before scaling up',
        '✅ ✅ ✅ ⏳ | Scaling up started, the replica with the highest ordinal (G-3) is creating',
        '✅ ✅ ✅ ✅ | Scale completed',
      ]);
    });

    it('scaling down 4 → 3', async () => {
      const s = await begin();
      s.apply(4, [s.role('prefill', 1)]);
      await s.converge();
      s.apply(3, [s.role('prefill', 1)]);
      await s.converge();
      expect(s.table()).toEqual([
        '✅ ✅ ✅ ✅ | Before scaling down',
        '✅ ✅ ✅ ⏳ | Scaling down started, the replica with the highest ordinal (G-3) is deleting',
        '✅ ✅ ✅ | Scale completed',
      ]);
      expect(s.pods().map((pod) => pod.metadata.name)).toEqual([
        'sample-0-prefill-0-0',
        'sample-1-prefill-0-0',
        'sample-2-prefill-0-0',
      ]);
    });

    it('scaling a role in 4 groups', async () => {
      const s = await begin();
      s.apply(4, [s.role('prefill', 1)]);
      await s.converge();
      s.apply(4, [s.role('prefill', 2)]);
      await s.converge();
      expect(s.table()).toEqual([
        '✅ ✅ ✅ ✅ | Before scaling the roles',
        '❎ ❎ ❎ ⏳ | Role scaling started, the replica with the highest ordinal (G-3) is scaling',
        '❎ ❎ ⏳ ✅ | G-3 is scaled. The roles in next replica (G-2) is now scaling',
        '❎ ⏳ ✅ ✅ | G-2 is scaled. The roles in next replica (G-1) is now scaling',
        '⏳ ✅ ✅ ✅ | G-1 is scaled. The roles in next replica (G-0) is now scaling',
        '✅ ✅ ✅ ✅ | Scale completed',
      ]);
    });
  });
}
