import { afterEach, describe, expect, it } from 'vitest';
import { scenario } from './harness.js';
import { publishedTables } from './published-tables.js';
import { simulatedBed } from './simulated-bed.js';

publishedTables('the simulated engine', async () => simulatedBed());

describe('further scenarios on the simulated engine', () => {
  let close: () => Promise<void> = async () => {};
  afterEach(() => close());
  const begin = async () => {
    const bed = simulatedBed();
    const s = await scenario(bed);
    close = s.close;
    return { ...s, bed, s };
  };

  it('a roll-out takes one group at a time, from the highest', async () => {
    const { s } = await begin();
    s.apply(3, [s.role('prefill', 1)]);
    await s.converge();
    s.apply(3, [s.role('prefill', 1, '2')]);
    await s.converge();
    expect(s.table()).toEqual([
      '✅ ✅ ✅ | Before the roll-out',
      '❎ ❎ ⏳ | Roll-out started, the replica with the highest ordinal (G-2) is updating',
      '❎ ⏳ ✅ | G-2 is updated. The next replica (G-1) is now updating',
      '⏳ ✅ ✅ | G-1 is updated. The next replica (G-0) is now updating',
      '✅ ✅ ✅ | Roll-out completed',
    ]);
    expect(s.status()).toMatchObject({ updatedReplicas: 3, currentReplicas: 3, availableReplicas: 3 });
    expect(s.status()?.currentRevision).toBe(s.status()?.updateRevision);
  });

  it('groups and roles in one save: the new group first, with the new counts, then the others', async () => {
    const { s } = await begin();
    s.apply(3, [s.role('prefill', 1)]);
    await s.converge();
    s.apply(4, [s.role('prefill', 2)]);
    await s.converge();
    expect(s.cells()).toEqual([
      '✅ ✅ ✅',
      '❎ ❎ ❎ ⏳',
      '❎ ❎ ⏳ ✅',
      '❎ ⏳ ✅ ✅',
      '⏳ ✅ ✅ ✅',
      '✅ ✅ ✅ ✅',
    ]);
    expect(s.pods().length).toBe(8);
  });

  it('fewer groups and more of a role in one save: the highest goes first', async () => {
    const { s } = await begin();
    s.apply(4, [s.role('prefill', 1)]);
    await s.converge();
    s.apply(3, [s.role('prefill', 2)]);
    await s.converge();
    expect(s.cells()).toEqual(['✅ ✅ ✅ ✅', '❎ ❎ ❎ ⏳', '❎ ❎ ⏳', '❎ ⏳ ✅', '⏳ ✅ ✅', '✅ ✅ ✅']);
    expect(s.pods().length).toBe(6);
  });

  it('killed at every stage of a role scaling, it shows the published table all the same', async () => {
    const { s } = await begin();
    s.apply(3, [s.role('prefill', 1)]);
    await s.converge();
    s.apply(3, [s.role('prefill', 2)]);
    for (const group of [2, 1, 0]) {
      const pod = `sample-${group}-prefill-1-0`;
      await s.until(`${pod} runs`, () =>
        s.pods().some((each) => each.metadata.name === pod && each.status?.phase === 'Running'),
      );
      await s.restart();
      await s.allow(pod);
    }
    await s.converge();
    expect(s.cells()).toEqual(['✅ ✅ ✅', '❎ ❎ ⏳', '❎ ⏳ ✅', '⏳ ✅ ✅', '✅ ✅ ✅']);
  });

  it('a further save in the middle supersedes the first', async () => {
    const { s } = await begin();
    s.apply(1, [s.role('prefill', 1)]);
    await s.converge();
    s.apply(4, [s.role('prefill', 1)]);
    await s.until('G-1 was begun', () => s.pods().length === 2);
    s.apply(1, [s.role('prefill', 1)]);
    await s.converge();
    expect(s.operations()).toEqual([
      'created with 1 replicas: Complete',
      'replicas 1 → 4: Superseded',
      'replicas 4 → 1: Complete',
    ]);
    expect(s.pods().length).toBe(1);
  });

  it('a failed pod: its instance alone is made anew, the second time after 10 s', async () => {
    const { s, bed } = await begin();
    s.apply(1, [s.role('prefill', 1), s.role('decode', 2)]);
    await s.converge();
    const before = new Map(s.pods().map((pod) => [pod.metadata.name, pod.metadata.uid]));
    bed.engine.exit('sample-0-decode-1-0', 3);
    await s.until('it failed', () => s.status()?.availableReplicas === 0);
    await s.converge();
    const changed = s.pods().filter((pod) => before.get(pod.metadata.name) !== pod.metadata.uid);
    expect(changed.map((pod) => pod.metadata.name)).toEqual(['sample-0-decode-1-0']);
    bed.engine.exit('sample-0-decode-1-0', 3);
    await s.until(
      'it backs off',
      () =>
        s.store.list('roles').items.length === 2 &&
        s.store.list('servinggroups').items[0]?.status.reason === 'BackOff',
    );
    await s.converge();
    expect(s.store.list('events').items.filter((event) => event.reason === 'PodFailed').length).toBe(1);
  });

  it('a pod that somebody deleted is made again', async () => {
    const { s } = await begin();
    s.apply(1, [s.role('prefill', 1)]);
    await s.converge();
    const uid = s.pods()[0]?.metadata.uid;
    s.store.markDeleted('pods', { namespace: 'default', name: 'sample-0-prefill-0-0' }, 0);
    await s.until(
      'another pod has the name',
      () => s.pods()[0]?.metadata.uid !== uid && s.pods().length === 1,
    );
    await s.converge();
  });

  it('an image that does not exist holds the scaling up, and its correction replaces at once', async () => {
    const { s, bed } = await begin();
    s.apply(1, [s.role('prefill', 1)]);
    await s.converge();
    bed.engine.breakImage('busybox:bad');
    const bad = s.role('prefill', 1);
    const container = bad.entryTemplate.spec?.containers[0];
    if (container) container.image = 'busybox:bad';
    s.apply(2, [bad]);
    await s.until('G-1 cannot pull', () =>
      s.holds().some((hold) => /ErrImagePull|ImagePullBackOff/.test(hold.reason)),
    );
    expect(s.status()?.availableReplicas).toBe(1);
    s.apply(2, [s.role('prefill', 1)]);
    await s.converge();
    expect(s.status()?.availableReplicas).toBe(2);
  });

  it('a deletion goes from the highest ordinal down and leaves nothing', async () => {
    const { s, bed } = await begin();
    s.apply(2, [s.role('prefill', 1)]);
    await s.converge();
    s.remove();
    await s.until('it is gone', () => s.store.list('modelservings').items.length === 0);
    expect(bed.engine.containers()).toEqual([]);
    expect(s.store.list('roles').items).toEqual([]);
    expect(s.operations().at(-1)).toBe('deleted: Complete');
    s.apply(1, [s.role('prefill', 1)]);
    await s.converge();
    expect(s.operations()).toContain('created with 1 replicas: Complete');
  });

  it.each(['scaling up', 'scaling down', 'scaling a role', 'rolling out', 'being deleted'])(
    'killed in the middle of %s, it ends in the same state, with nothing restarted or doubled',
    async (what) => {
      const { s, bed } = await begin();
      s.apply(3, [s.role('prefill', 1)]);
      await s.converge();
      const before = new Map(s.pods().map((pod) => [pod.metadata.name, pod.metadata.uid]));
      if (what === 'scaling up') s.apply(4, [s.role('prefill', 1)]);
      if (what === 'scaling down') s.apply(1, [s.role('prefill', 1)]);
      if (what === 'scaling a role') s.apply(3, [s.role('prefill', 2)]);
      if (what === 'rolling out') s.apply(3, [s.role('prefill', 1, '2')]);
      if (what === 'being deleted') s.remove();
      await s.until('it began', () => s.store.list('scalingoperations').items.length === 2);
      await s.restart();
      await bed.turn();
      await s.restart();
      await s.converge();
      if (what === 'being deleted') {
        expect(bed.engine.containers()).toEqual([]);
        return;
      }
      const counts = { 'scaling up': 4, 'scaling down': 1, 'scaling a role': 6, 'rolling out': 3 }[what];
      expect(bed.engine.containers().length).toBe(counts);
      expect(
        s.pods().reduce((sum, pod) => sum + (pod.status?.containerStatuses?.[0]?.restartCount ?? 0), 0),
      ).toBe(0);
      const kept = s.pods().filter((pod) => before.get(pod.metadata.name) === pod.metadata.uid).length;
      expect(kept).toBe({ 'scaling up': 3, 'scaling down': 1, 'scaling a role': 3, 'rolling out': 0 }[what]);
      expect(s.operations().at(-1)).toContain('Complete');
    },
  );
});
