import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ModelServing } from '../../../src/api/types/model-serving.js';
import type { ConfigMap } from '../../../src/api/types/resources.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';
import { keepObjects } from '../../../src/store/kept-objects.js';
import { openObjectFiles } from '../../../src/store/object-files.js';
import type { ObjectStore } from '../../../src/store/object-store.js';
import { openWatchedMarks } from '../../../src/store/watched-marks.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'minithena-kept-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function open(at = directory, recall: (store: ObjectStore) => void = () => {}) {
  const problems: string[] = [];
  const clock = manualClock();
  const marks = openWatchedMarks(at);
  const store = createObjectStore({ clock, recall: marks.recall });
  const files = openObjectFiles(at, (message) => problems.push(message));
  recall(store);
  const kept = keepObjects({ store, files, marks, clock, onProblem: (text) => problems.push(text) });
  const facts = () =>
    store
      .list('configmaps')
      .items.map(({ metadata: { resourceVersion: _version, ...metadata }, ...rest }) => ({
        ...rest,
        metadata,
      }));
  return { store, kept, facts, problems };
}
const configMap = (name: string, data: Record<string, string> = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});

const names = fc.constantFrom('a', 'b', 'c');
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('create' as const), name: names, value: fc.string() }),
    fc.record({ do: fc.constant('update' as const), name: names, value: fc.string() }),
    fc.record({ do: fc.constant('hold' as const), name: names, value: fc.constantFrom('', 'a/b') }),
    fc.record({ do: fc.constant('remove' as const), name: names, value: fc.constant('') }),
    fc.record({ do: fc.constant('kill' as const), name: names, value: fc.constant('') }),
  ),
  { maxLength: 25 },
);

it('is after a kill at any moment what it was before', () => {
  let run = 0;
  fc.assert(
    fc.property(steps, (history) => {
      run += 1;
      const at = join(directory, String(run));
      let world = open(at);
      for (const step of history) {
        const before = world.store.get('configmaps', 'default', step.name);
        if (step.do === 'kill') world = reopened(world, at);
        else if (step.do === 'create' && !before)
          world.kept.create('configmaps', configMap(step.name, { value: step.value }));
        else if (!before) continue;
        else if (step.do === 'update')
          world.kept.update('configmaps', { ...before, data: { value: step.value } });
        else if (step.do === 'hold') {
          const { finalizers: _held, ...metadata } = before.metadata;
          const held = step.value && !before.metadata.deletionTimestamp ? { finalizers: [step.value] } : {};
          world.kept.update('configmaps', { ...before, metadata: { ...metadata, ...held } });
        } else if (step.do === 'remove') world.kept.remove('configmaps', before);
        const now = world.store.get('configmaps', 'default', step.name);
        // Whatever is being deleted waits for something.
        if (now?.metadata.deletionTimestamp) expect(now.metadata.finalizers).toEqual(['a/b']);
      }
      reopened(world, at);
    }),
    { numRuns: 60 },
  );
});

/** The watches of the killed one hear nothing any more, as in a process that has ended. */
function reopened(world: ReturnType<typeof open>, at: string): ReturnType<typeof open> {
  world.kept.close();
  const again = open(at);
  expect(again.facts()).toEqual(world.facts());
  expect(again.problems).toEqual([]);
  return again;
}

it('keeps names that are longer than the name of a file can be', () => {
  const long = 'a'.repeat(240);
  const { kept } = open();
  kept.create('configmaps', configMap(`${long}-1`));
  kept.create('configmaps', configMap(`${long}-2`));
  expect(
    open()
      .facts()
      .map(({ metadata }) => metadata.name),
  ).toEqual([`${long}-1`, `${long}-2`]);
});

it('finds a ModelServing in its record when its file is lost', () => {
  const { kept, store } = open();
  const spec = { replicas: 1, template: { roles: [] } } as unknown as ModelServing['spec'];
  const made = kept.create('modelservings', {
    apiVersion: 'workload.serving.volcano.sh/v1alpha1',
    kind: 'ModelServing',
    metadata: { name: 'lost', namespace: 'default' },
    spec,
  });
  const file = made.metadata.annotations?.['minithena.dev/file'] ?? '';
  kept.close();
  rmSync(file);
  // As its record brings it back.
  const again = open(directory, (next) =>
    next.create('modelservings', store.get('modelservings', 'default', 'lost')!),
  );
  expect(existsSync(file)).toBe(true);
  expect(again.kept.has('modelservings', { namespace: 'default', name: 'lost' })).toBe(true);
});

it('sets a file aside that it cannot read, says so, and goes on', () => {
  open().kept.create('configmaps', configMap('good'));
  const folder = join(directory, 'objects', 'configmaps');
  writeFileSync(join(folder, 'default_bad.json'), '{"kind":');
  const { facts, problems } = open();
  expect(facts().map(({ metadata }) => metadata.name)).toEqual(['good']);
  expect(problems).toEqual([expect.stringMatching(/default_bad\.json cannot be read and is set aside/)]);
  expect(readdirSync(folder).sort()).toEqual(['default_bad.json.corrupt', 'default_good.json']);
});
