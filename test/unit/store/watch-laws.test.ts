import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Pod } from '../../../src/api/types/resources.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';
import type { ListFilter } from '../../../src/store/object-store.js';

const filters: readonly ListFilter[] = [
  {},
  { namespace: 'x' },
  { labelSelector: 'tier=front' },
  { labelSelector: 'tier notin (front),n>2' },
  { labelSelector: '!tier', namespace: 'y' },
  { fieldSelector: 'status.phase=Running' },
  { fieldSelector: 'metadata.name!=a,status.phase!=Running', labelSelector: 'n in (1,2,3)' },
];
const step = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  namespace: fc.constantFrom('x', 'y'),
  isRemoved: fc.constantFrom(true, false, false),
  tier: fc.constantFrom(undefined, 'front', 'back'),
  n: fc.constantFrom('1', '2', '3', 'many'),
  phase: fc.constantFrom('Running', 'Failed'),
});

it('tells every watcher, from whatever version it begins, exactly what makes its list the one of now', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat(60), async (steps, begin) => {
      const store = createObjectStore({ clock: manualClock(), startVersion: 1000 });
      const views: { filter: ListFilter; known: Map<string, Pod>; last: number }[] = [];
      const watch = (filter: ListFilter) => {
        const { items, resourceVersion: from } = store.list('pods', filter);
        const known = new Map(
          items.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]),
        );
        const view = { filter, known, last: Number(from) };
        views.push(view);
        return () =>
          store.watch(
            'pods',
            ({ type, object, resourceVersion }) => {
              const key = `${object.metadata.namespace}/${object.metadata.name}`;
              expect(known.has(key)).toBe(type !== 'ADDED');
              expect(Number(resourceVersion)).toBeGreaterThan(view.last);
              expect(object.metadata.resourceVersion).toBe(resourceVersion);
              view.last = Number(resourceVersion);
              if (type === 'DELETED') known.delete(key);
              else known.set(key, object);
            },
            { ...filter, from },
          );
      };
      // Listed at some version, watched from it only when all is over.
      let late: (() => void)[] = [];
      for (const filter of filters) watch(filter)();
      for (const [at, { name, namespace, isRemoved, tier, n, phase }] of steps.entries()) {
        if (at === begin) late = filters.map(watch);
        if (isRemoved) store.remove('pods', { namespace, name });
        else {
          const labels = { n, ...(tier !== undefined && { tier }) };
          const next: Pod = {
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: { name, namespace, labels },
            spec: { containers: [] },
            status: { phase },
          };
          if (store.get('pods', namespace, name)) store.update('pods', next);
          else store.create('pods', next);
        }
      }
      for (const open of late) open();
      await new Promise((resolve) => setImmediate(resolve));
      for (const { filter, known } of views) {
        const { items } = store.list('pods', filter);
        expect(known.size).toBe(items.length);
        for (const item of items)
          expect(known.get(`${item.metadata.namespace}/${item.metadata.name}`)).toBe(item);
      }
    }),
  );
});
