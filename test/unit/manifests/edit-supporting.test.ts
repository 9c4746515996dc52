import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SupportingObject } from '../../../src/api/read-supporting.js';
import { systemClock } from '../../../src/lib/clock.js';
import { silentLogger } from '../../../src/lib/logger.js';
import { restoreSupporting } from '../../../src/manifests/restore-supporting.js';
import { type Manifests, startManifests } from '../../../src/manifests/start-manifests.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';
import { keepObjects } from '../../../src/store/kept-objects.js';
import { openObjectFiles } from '../../../src/store/object-files.js';
import { openWatchedMarks, type WatchedMarks } from '../../../src/store/watched-marks.js';

type Supporting = SupportingObject['object'];

const text = `# settings of the team
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  # how loud
  level: info   # or debug
  other: x
---
apiVersion: v1
kind: Secret
metadata:
  name: keys
stringData:
  token: hunter2 # changed monthly
data:
  raw: AP8=
`;
const base64 = (value: string) => Buffer.from(value).toString('base64');

describe('edits of what pods refer to', () => {
  let open: Manifests | undefined;
  let folder = '';
  afterEach(async () => {
    await open?.close();
    rmSync(folder, { recursive: true });
  });
  const world = async () => {
    folder = mkdtempSync(join(tmpdir(), 'supporting-'));
    const file = join(folder, 'all.yaml');
    writeFileSync(file, text);
    const store = createObjectStore({ clock: systemClock });
    open = startManifests({ store, clock: systemClock, logger: silentLogger });
    await open.add([file], { strict: true });
    const edit = (
      resource: SupportingObject['resource'],
      name: string,
      change: (current: Supporting) => object,
      mode?: { dryRun: boolean },
    ) => open!.commitSupporting({ resource, namespace: 'default', name }, change as never, mode);
    return { store, edit, now: () => readFileSync(file, 'utf8') };
  };
  const withData = (data: object) => (current: Supporting) => ({
    ...current,
    data: { ...(current as { data?: object }).data, ...data },
  });

  it('change one line, keep the comments, and are in force when they are answered', async () => {
    const { store, edit, now } = await world();
    const version = store.version();
    const judged = await edit('configmaps', 'settings', withData({ level: 'warn' }), { dryRun: true });
    expect(judged).toMatchObject({ data: { level: 'warn' } });
    expect([now(), store.version()]).toEqual([text, version]);
    await edit('configmaps', 'settings', withData({ level: 'debug' }));
    expect(now()).toBe(text.replace('level: info', 'level: debug'));
    expect(store.get('configmaps', 'default', 'settings')?.data).toEqual({ level: 'debug', other: 'x' });
    await open!.sync();
    const { resourceVersion } = store.get('configmaps', 'default', 'settings')!.metadata;
    await edit('configmaps', 'settings', (current) => current);
    expect(store.get('configmaps', 'default', 'settings')?.metadata.resourceVersion).toBe(resourceVersion);
  });

  it('write a Secret where its value stands: as text under stringData, as base64 under data', async () => {
    const { store, edit, now } = await world();
    await edit('secrets', 'keys', withData({ token: base64('new one'), raw: '/wA=', added: base64('more') }));
    expect(now()).toContain('token: new one # changed monthly');
    expect(now()).toContain('added: more');
    expect(now()).toContain('raw: /wA=');
    await edit('secrets', 'keys', (current) => ({ ...current, data: { token: '//8=' } }));
    expect(now()).not.toMatch(/new one|added|raw/);
    expect(store.get('secrets', 'default', 'keys')?.data).toEqual({ token: '//8=' });
  });

  it('keep identity and what only the API knows over a restart, and out of the file', async () => {
    const { store, now } = await world();
    const state = mkdtempSync(join(tmpdir(), 'marks-'));
    const keeping = (of: typeof store, marks: WatchedMarks) =>
      keepObjects({
        store: of,
        files: openObjectFiles(state),
        marks,
        clock: systemClock,
        onProblem: () => {},
      });
    const kept = keeping(store, openWatchedMarks(state));
    const { uid } = store.get('configmaps', 'default', 'settings')!.metadata;
    const applied = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    const given = { finalizers: ['a/b'], annotations: { ...applied, note: 'y' } };
    kept.mark('configmaps', store.get('configmaps', 'default', 'settings')!, given);
    await open!.commitSupporting(
      { resource: 'configmaps', namespace: 'default', name: 'settings' },
      withData({ level: 'warn' }) as never,
    );
    const marked = { uid, finalizers: ['a/b'], annotations: expect.objectContaining(applied) };
    expect(store.get('configmaps', 'default', 'settings')).toMatchObject({
      metadata: marked,
      data: { level: 'warn' },
    });
    expect(now()).not.toMatch(/finalizers|last-applied|note/);
    kept.close();
    const marks = openWatchedMarks(state);
    const again = createObjectStore({ clock: systemClock, recall: marks.recall });
    await restoreSupporting(again, [join(folder, 'all.yaml')]);
    expect(again.get('configmaps', 'default', 'settings')?.metadata).toMatchObject(marked);
    // Its file lets go of it: it waits for its finalizer, and is another one when it comes back.
    const next = keeping(again, marks);
    again.remove('configmaps', { namespace: 'default', name: 'settings' });
    const held = again.get('configmaps', 'default', 'settings')!;
    expect(held.metadata.deletionTimestamp).toBeDefined();
    next.mark('configmaps', held, {});
    await expect.poll(() => marks.all().map(({ name }) => name)).toEqual([]);
    await restoreSupporting(again, [join(folder, 'all.yaml')]);
    expect(again.get('configmaps', 'default', 'settings')?.metadata.uid).not.toBe(uid);
    next.close();
    rmSync(state, { recursive: true });
  });

  it('label in the file, and refuse what would not validate', async () => {
    const { edit, now } = await world();
    await edit('configmaps', 'settings', (current) => ({
      ...current,
      metadata: { ...current.metadata, labels: { team: 'a' } },
    }));
    expect(now()).toMatch(/labels:[\s{]*team: a/);
    const before = now();
    await expect(edit('configmaps', 'settings', withData({ 'no key!': 'x' }))).rejects.toMatchObject({
      code: 'SpecInvalid',
    });
    expect(now()).toBe(before);
  });
});
