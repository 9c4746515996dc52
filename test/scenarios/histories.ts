import { describe, expect, it } from 'vitest';
import type { ModelServing, ModelServingStatus, RoleSpec } from '../../src/api/types/model-serving.js';

/** One ModelServing, sample, on decisions alone, on the simulated engine or on a real one. Pods become ready in `converge` and by `allow` only. */
export interface World {
  readonly badImage: string;
  role(
    name: string,
    replicas: number,
    version?: string,
    more?: { workers?: number; image?: string; graceSeconds?: number },
  ): RoleSpec;
  apply(
    replicas: number,
    roles: RoleSpec[],
    more?: Partial<ModelServing['spec']>,
    annotations?: Record<string, string>,
  ): void;
  converge(): Promise<void>;
  until(what: string, holds: () => boolean): Promise<void>;
  /** Another process of the daemon, after a kill. */
  restart(): Promise<void>;
  allow(podName: string): Promise<void>;
  fail(podName: string): Promise<void>;
  remove(): void;
  /** Rows of the last operation. */
  cells(): string[];
  podNames(): string[];
  uidOf(podName: string): string | undefined;
  isReady(podName: string): boolean;
  isRunning(podName: string): boolean;
  isGone(): boolean;
  status(): ModelServingStatus | undefined;
  close(): Promise<void>;
}

const upstream = { 'minithena.dev/rules': 'upstream' };
const update = (rollingUpdateConfiguration: object): Partial<ModelServing['spec']> => ({
  rolloutStrategy: { type: 'ServingGroupRollingUpdate', rollingUpdateConfiguration },
});
const entry = (group: number, roleId = 'prefill-0') => `sample-${group}-${roleId}-0`;

/** Histories of edits, failures and restarts, with the stages that they must show, on whatever world is given. */
export function histories(
  worldName: string,
  makeWorld: () => Promise<World>,
  { concurrent = false }: { concurrent?: boolean } = {},
): void {
  describe(`histories on ${worldName}`, { concurrent }, () => {
    const history = (title: string, run: (world: World) => Promise<void>) =>
      it(title, async () => {
        const world = await makeWorld();
        try {
          await run(world);
        } finally {
          await world.close();
        }
      });
    const uids = (world: World) => new Map(world.podNames().map((name) => [name, world.uidOf(name)]));
    /** The pods that are no longer those of before. */
    const replaced = (world: World, before: Map<string, string | undefined>) =>
      [...before]
        .filter(([name, uid]) => world.uidOf(name) !== uid)
        .map(([name]) => name)
        .sort();
    const away = (row: string) => [...row].filter((cell) => cell === '⏳').length;

    history('a roll-out of 4 groups, one at a time', async (w) => {
      w.apply(4, [w.role('prefill', 1)]);
      await w.converge();
      w.apply(4, [w.role('prefill', 1, '2')]);
      await w.converge();
      expect(w.cells()).toEqual([
        '✅ ✅ ✅ ✅',
        '❎ ❎ ❎ ⏳',
        '❎ ❎ ⏳ ✅',
        '❎ ⏳ ✅ ✅',
        '⏳ ✅ ✅ ✅',
        '✅ ✅ ✅ ✅',
      ]);
      expect(w.status()).toMatchObject({ updatedReplicas: 4, availableReplicas: 4, currentReplicas: 4 });
    });

    for (const maxUnavailable of [2, '50%']) {
      history(
        `a roll-out of 4 groups with maxUnavailable ${maxUnavailable} takes two at a time`,
        async (w) => {
          w.apply(4, [w.role('prefill', 1)], update({ maxUnavailable }));
          await w.converge();
          w.apply(4, [w.role('prefill', 1, '2')], update({ maxUnavailable }));
          await w.converge();
          expect(w.cells()[1]).toBe('❎ ❎ ⏳ ⏳');
          expect(w.cells().at(-1)).toBe('✅ ✅ ✅ ✅');
          // Whichever of the two the engine is quicker with, never are more than two away.
          expect(Math.max(...w.cells().map(away))).toBe(2);
          expect(w.status()).toMatchObject({ updatedReplicas: 4, availableReplicas: 4 });
        },
      );
    }

    history('a partition of 2 of 4, lowered to 0', async (w) => {
      w.apply(4, [w.role('prefill', 1)]);
      await w.converge();
      const before = uids(w);
      w.apply(4, [w.role('prefill', 1, '2')], update({ partition: 2 }));
      await w.converge();
      expect(w.cells()).toEqual(['✅ ✅ ✅ ✅', '✅ ✅ ❎ ⏳', '✅ ✅ ⏳ ✅', '✅ ✅ ✅ ✅']);
      expect(replaced(w, before)).toEqual([entry(2), entry(3)]);
      expect(w.status()).toMatchObject({ updatedReplicas: 2, currentReplicas: 2, availableReplicas: 4 });
      expect(w.status()?.currentRevision).not.toBe(w.status()?.updateRevision);
      await w.restart();
      w.apply(4, [w.role('prefill', 1, '2')], update({ partition: 0 }));
      await w.until('G-1 is replaced', () => w.uidOf(entry(1)) !== before.get(entry(1)));
      await w.converge();
      expect(replaced(w, before)).toEqual([entry(0), entry(1), entry(2), entry(3)]);
      expect(w.cells()).toEqual(['✅ ✅ ✅ ✅', '❎ ⏳ ✅ ✅', '⏳ ✅ ✅ ✅', '✅ ✅ ✅ ✅']);
      expect(w.status()?.currentRevision).toBe(w.status()?.updateRevision);
    });

    history(
      'limits that change in the middle of a roll-out hold from then on, and it is told to its end',
      async (w) => {
        w.apply(4, [w.role('prefill', 1)]);
        await w.converge();
        w.apply(4, [w.role('prefill', 1, '2')]);
        await w.until('G-3 is new and waits', () => w.isRunning(entry(3)) && w.cells().length === 2);
        w.apply(4, [w.role('prefill', 1, '2')], update({ maxUnavailable: 2, partition: 1 }));
        await w.until('G-2 goes too', () => w.cells().at(-1) === '✅ ❎ ⏳ ⏳');
        await w.converge();
        expect(w.cells().at(-1)).toBe('✅ ✅ ✅ ✅');
        expect(w.status()).toMatchObject({ updatedReplicas: 3, currentReplicas: 1 });
      },
    );

    history('a protected group that loses its pod gets it back from the older template', async (w) => {
      w.apply(2, [w.role('prefill', 1)]);
      await w.converge();
      w.apply(2, [w.role('prefill', 2, '2')], update({ partition: 1 }));
      await w.converge();
      expect(w.podNames().sort()).toEqual([entry(0), entry(1), entry(1, 'prefill-1')]);
      const before = w.uidOf(entry(0));
      await w.fail(entry(0));
      await w.until('another pod has the name', () => ![before, undefined].includes(w.uidOf(entry(0))));
      await w.converge();
      expect(w.status()).toMatchObject({ updatedReplicas: 1, currentReplicas: 1, availableReplicas: 2 });
      expect(w.podNames().length).toBe(3);
    });

    history('a bad image holds the roll-out, and going back replaces what is broken alone', async (w) => {
      w.apply(3, [w.role('prefill', 1)]);
      await w.converge();
      const before = uids(w);
      w.apply(3, [w.role('prefill', 1, '2', { image: w.badImage })]);
      await w.until('G-2 is replaced', () => ![before.get(entry(2)), undefined].includes(w.uidOf(entry(2))));
      expect(w.cells().at(-1)).toBe('❎ ❎ ⏳');
      expect(w.status()).toMatchObject({ availableReplicas: 2, updatedReplicas: 1 });
      w.apply(3, [w.role('prefill', 1)]);
      await w.converge();
      expect(replaced(w, before)).toEqual([entry(2)]);
      expect(w.cells()).toEqual(['✅ ✅ ⏳', '✅ ✅ ✅']);
    });

    history('while a roll-out is paused, what fails comes back from its own template', async (w) => {
      const roles = (version: string) => [w.role('prefill', 1), w.role('decode', 1, version)];
      const failing = entry(1, 'decode-0');
      w.apply(2, roles('1'));
      await w.converge();
      const before = uids(w);
      w.apply(2, roles('2'), {}, { 'minithena.dev/paused': 'true' });
      await w.fail(failing);
      await w.until('it is replaced', () => w.uidOf(failing) !== before.get(failing) && w.isRunning(failing));
      await w.allow(failing);
      await w.until('both are available', () => w.status()?.availableReplicas === 2);
      expect(w.status()).toMatchObject({ updatedReplicas: 0 });
      expect(replaced(w, before)).toEqual([failing]);
      w.apply(2, roles('2'));
      await w.converge();
      expect(w.status()).toMatchObject({ updatedReplicas: 2 });
      expect(replaced(w, before)).toEqual([...before.keys()].sort());
    });

    history(
      'RoleRollingUpdate of one role of two: the other role stays, one instance and one group at a time',
      async (w) => {
        const byRole: Partial<ModelServing['spec']> = { rolloutStrategy: { type: 'RoleRollingUpdate' } };
        w.apply(2, [w.role('prefill', 2), w.role('decode', 1)], byRole);
        await w.converge();
        const before = uids(w);
        w.apply(2, [w.role('prefill', 2, '2'), w.role('decode', 1)], byRole);
        await w.until(
          'the last of G-1 goes first',
          () => w.uidOf(entry(1, 'prefill-1')) !== before.get(entry(1, 'prefill-1')),
        );
        expect(replaced(w, before)).toEqual([entry(1, 'prefill-1')]);
        await w.converge();
        expect(w.cells()).toEqual(['✅ ✅', '❎ ⏳', '⏳ ✅', '✅ ✅']);
        expect(replaced(w, before)).toEqual(
          [0, 1].flatMap((group) => [entry(group, 'prefill-0'), entry(group, 'prefill-1')]),
        );
        expect(w.status()).toMatchObject({ updatedReplicas: 2, currentReplicas: 2 });
      },
    );

    history(
      'a worker fails: its role instance is made anew, entry and workers, and nothing else',
      async (w) => {
        w.apply(1, [w.role('prefill', 1), w.role('decode', 2, '1', { workers: 1 })]);
        await w.converge();
        const before = uids(w);
        await w.fail('sample-0-decode-1-1');
        await w.until('it is replaced', () => replaced(w, before).length > 0);
        await w.converge();
        expect(replaced(w, before)).toEqual(['sample-0-decode-1-0', 'sample-0-decode-1-1']);
      },
    );

    history('under ServingGroupRecreate the whole group is made anew, and no other', async (w) => {
      const policy: Partial<ModelServing['spec']> = { recoveryPolicy: 'ServingGroupRecreate' };
      w.apply(2, [w.role('prefill', 1), w.role('decode', 1)], policy);
      await w.converge();
      const before = uids(w);
      await w.fail(entry(0, 'decode-0'));
      await w.until('it is replaced', () => replaced(w, before).length > 1);
      await w.converge();
      expect(replaced(w, before)).toEqual([entry(0, 'decode-0'), entry(0)]);
    });

    history('a scale-down in the middle of a roll-out', async (w) => {
      w.apply(4, [w.role('prefill', 1)]);
      await w.converge();
      w.apply(4, [w.role('prefill', 1, '2')]);
      await w.until(
        'G-3 is new and waits',
        () => w.cells().length === 2 && w.isRunning(entry(3)) && !w.isReady(entry(3)),
      );
      w.apply(2, [w.role('prefill', 1, '2')]);
      await w.converge();
      expect(w.cells()).toEqual(['✅ ✅ ✅ ⏳', '❎ ❎ ❎ ⏳', '❎ ❎ ⏳', '❎ ⏳', '⏳ ✅', '✅ ✅']);
      expect(w.podNames().sort()).toEqual([entry(0), entry(1)]);
    });

    for (const [rules, annotations, left] of [
      ['ordinal', {}, [entry(0), entry(1)]],
      ['upstream', upstream, [entry(1), entry(2)]],
    ] as const) {
      history(`a scale-down with a broken G-0 under the ${rules} rules`, async (w) => {
        const roles = [w.role('prefill', 1)];
        w.apply(3, roles, { recoveryPolicy: 'ServingGroupRecreate' }, annotations);
        await w.converge();
        const before = uids(w);
        await w.fail(entry(0));
        await w.until('G-0 is broken', () => ![before.get(entry(0)), undefined].includes(w.uidOf(entry(0))));
        w.apply(2, roles, { recoveryPolicy: 'ServingGroupRecreate' }, annotations);
        await w.converge();
        expect(w.podNames().sort()).toEqual(left);
        expect(w.status()).toMatchObject({ replicas: 2, availableReplicas: 2 });
        // The other rules take over what they find: ordinal has no gaps, upstream leaves them.
        w.apply(2, roles, {}, {});
        await w.converge();
        expect(w.podNames().sort()).toEqual([entry(0), entry(1)]);
      });
    }

    history(
      'under the upstream rules all that is missing comes at once, and all that is too much goes at once',
      async (w) => {
        w.apply(1, [w.role('prefill', 1)], {}, upstream);
        await w.converge();
        w.apply(4, [w.role('prefill', 1)], {}, upstream);
        await w.until('all are begun', () => w.podNames().length === 4);
        expect(w.cells()).toEqual(['✅', '✅ ⏳ ⏳ ⏳']);
        await w.converge();
        w.apply(1, [w.role('prefill', 2)], {}, upstream);
        await w.until('all change at once', () => w.cells()[1] === '⏳ ⏳ ⏳ ⏳');
        await w.converge();
        expect(w.podNames().sort()).toEqual([entry(0), entry(0, 'prefill-1')]);
      },
    );

    history('a bad image at the very first start, corrected', async (w) => {
      w.apply(2, [w.role('prefill', 1, '1', { image: w.badImage })]);
      await w.until('G-0 is begun', () => w.podNames().length === 1);
      w.apply(2, [w.role('prefill', 1)]);
      await w.converge();
      expect(w.cells().at(-1)).toBe('✅ ✅');
      expect(w.status()).toMatchObject({ updatedReplicas: 2, currentReplicas: 2 });
      expect(w.status()?.currentRevision).toBe(w.status()?.updateRevision);
    });

    history('a role scaling whose G-2 is held up, then undone', async (w) => {
      const roles = (decode: number) => [
        w.role('prefill', 1),
        w.role('decode', decode, '1', { image: w.badImage }),
      ];
      w.apply(3, roles(0));
      await w.converge();
      const before = uids(w);
      w.apply(3, roles(1));
      await w.until('G-2 is held up', () => w.podNames().includes(entry(2, 'decode-0')));
      expect(w.cells()).toEqual(['✅ ✅ ✅', '❎ ❎ ⏳']);
      w.apply(3, roles(0));
      await w.converge();
      expect(w.cells().at(-1)).toBe('✅ ✅ ✅');
      expect(uids(w)).toEqual(before);
    });

    history('replicas 4 → 2 and decode 1 → 2 in one save', async (w) => {
      w.apply(4, [w.role('decode', 1)]);
      await w.converge();
      w.apply(2, [w.role('decode', 2)]);
      await w.converge();
      expect(w.cells()).toEqual(['✅ ✅ ✅ ✅', '❎ ❎ ❎ ⏳', '❎ ❎ ⏳', '❎ ⏳', '⏳ ✅', '✅ ✅']);
      expect(w.podNames().length).toBe(4);
    });

    history('the daemon is killed while G-3 is Deleting, and replicas are back at 4', async (w) => {
      const roles = [w.role('prefill', 1, '1', { graceSeconds: 2 })];
      w.apply(4, roles);
      await w.converge();
      const before = uids(w);
      w.apply(3, roles);
      await w.until('G-3 is Deleting', () => w.cells().at(-1) === '✅ ✅ ✅ ⏳');
      await w.restart();
      w.apply(4, roles);
      await w.until('G-3 is another', () => ![before.get(entry(3)), undefined].includes(w.uidOf(entry(3))));
      await w.converge();
      expect(replaced(w, before)).toEqual([entry(3)]);
      expect(w.cells().at(-1)).toBe('✅ ✅ ✅ ✅');
    });

    history('the document is removed in mid-roll-out', async (w) => {
      w.apply(3, [w.role('prefill', 1)]);
      await w.converge();
      w.apply(3, [w.role('prefill', 1, '2')]);
      await w.until('it began', () => w.cells().at(-1) === '❎ ❎ ⏳');
      await w.restart();
      w.remove();
      await w.until('it is gone', () => w.isGone());
      expect(w.podNames()).toEqual([]);
    });
  });
}
