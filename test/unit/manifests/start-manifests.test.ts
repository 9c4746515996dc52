import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelServing } from '../../../src/api/types/model-serving.js';
import { systemClock } from '../../../src/lib/clock.js';
import { silentLogger } from '../../../src/lib/logger.js';
import { restoreSupporting } from '../../../src/manifests/restore-supporting.js';
import { type Manifests, startManifests } from '../../../src/manifests/start-manifests.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';

const text = (replicas: number | string, name = 'sample') => `# a comment
apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata:
  name: ${name}
spec:
  replicas: ${replicas}   # groups

  template:
    roles:
      - name: prefill
        workerReplicas: 0
        entryTemplate:
          spec:
            containers: [{ name: main, image: "busybox:1" }]
`;

let open: Manifests[] = [];
afterEach(async () => {
  for (const each of open) await each.close();
  open = [];
});

async function world(content: string = text(1)) {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  const file = join(folder, 'serving.yaml');
  writeFileSync(file, content);
  const store = createObjectStore({ clock: systemClock });
  const manifests = startManifests({ store, clock: systemClock, logger: silentLogger });
  open.push(manifests);
  /** The specs that came into force, by their replicas. */
  const seen: number[] = [];
  let generation = 0;
  store.watch('modelservings', ({ object }) => {
    if ((object.metadata.generation ?? 0) > generation) seen.push(object.spec.replicas);
    generation = Math.max(generation, object.metadata.generation ?? 0);
  });
  const get = (name = 'sample') => store.get('modelservings', 'default', name);
  const invalid = () => get()?.metadata.annotations?.['minithena.dev/invalid-spec'];
  return { folder, file, store, manifests, seen, get, invalid };
}

/** Polls, with a generous deadline. */
async function until(what: string, holds: () => boolean): Promise<void> {
  const endMs = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a file that is saved', () => {
  it.each<[string, (file: string, folder: string) => void]>([
    ['in place', (file) => writeFileSync(file, text(3))],
    [
      'by a rename over it',
      (file, folder) => {
        writeFileSync(join(folder, '.tmp'), text(3));
        renameSync(join(folder, '.tmp'), file);
      },
    ],
    [
      'by moving the old one away first',
      (file, folder) => {
        renameSync(file, join(folder, 'backup~'));
        writeFileSync(file, text(3));
      },
    ],
    [
      'in pieces',
      (file) => {
        const whole = text(3);
        writeFileSync(file, whole.slice(0, 60));
        setTimeout(() => appendFileSync(file, whole.slice(60, 120)), 15);
        setTimeout(() => appendFileSync(file, whole.slice(120)), 30);
      },
    ],
    [
      'as gone and back',
      (file) => {
        unlinkSync(file);
        setTimeout(() => writeFileSync(file, text(3)), 20);
      },
    ],
    [
      'with its folder replaced',
      (file, folder) => {
        mkdirSync(`${folder}.new`);
        writeFileSync(join(`${folder}.new`, 'serving.yaml'), text(3));
        renameSync(folder, `${folder}.old`);
        renameSync(`${folder}.new`, folder);
        expect(readFileSync(file, 'utf8')).toBe(text(3));
      },
    ],
  ])('%s is exactly one new spec', async (_how, save) => {
    const { file, folder, manifests, seen, get } = await world();
    await manifests.add([file], { strict: true });
    save(file, folder);
    await until('3 replicas', () => get()?.spec.replicas === 3);
    await manifests.sync();
    expect(seen).toEqual([1, 3]);
    expect(get()?.metadata.generation).toBe(2);
  });

  it('through a symlink that is swapped, as ConfigMaps are', async () => {
    const { folder, manifests, seen, get } = await world();
    for (const [version, replicas] of [
      ['..1', 1],
      ['..2', 3],
    ] as const) {
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, 'ms.yaml'), text(replicas));
    }
    symlinkSync('..1', join(folder, '..data'));
    symlinkSync(join('..data', 'ms.yaml'), join(folder, 'ms.yaml'));
    await manifests.add([join(folder, 'ms.yaml')], { strict: true });
    symlinkSync('..2', join(folder, '..tmp'));
    renameSync(join(folder, '..tmp'), join(folder, '..data'));
    await until('3 replicas', () => get()?.spec.replicas === 3 && seen.length > 1);
    expect(seen).toEqual([1, 3]);
  });

  it('through a symlink that is pointed elsewhere', async () => {
    const { folder, manifests, seen, get } = await world();
    writeFileSync(join(folder, 'other.txt'), text(3));
    symlinkSync('serving.yaml', join(folder, 'link.yaml'));
    await manifests.add([join(folder, 'link.yaml')], { strict: true });
    symlinkSync('other.txt', join(folder, 'link.new'));
    renameSync(join(folder, 'link.new'), join(folder, 'link.yaml'));
    await until('3 replicas', () => get()?.spec.replicas === 3 && seen.length > 1);
    expect(seen).toEqual([1, 3]);
  });

  it('with the same content, or touched, is no new spec', async () => {
    const { file, manifests, seen } = await world();
    await manifests.add([file], { strict: true });
    writeFileSync(file, text(1));
    await manifests.sync();
    writeFileSync(file, `${text(1)}# another comment\n`);
    await manifests.sync();
    expect(seen).toEqual([1]);
  });

  it('with an error changes only the annotation, and the next good save clears it', async () => {
    const { file, manifests, seen, get, invalid } = await world();
    await manifests.add([file], { strict: true });
    writeFileSync(file, text('many'));
    await until('the error is shown', () => invalid() !== undefined);
    expect(invalid()).toBe(`WrongType ${file}:7:13 an integer is expected here, not the string many`);
    expect(get()).toMatchObject({ spec: { replicas: 1 }, metadata: { generation: 1 } });
    expect(manifests.diagnostics().map((each) => each.code)).toEqual(['WrongType']);
    writeFileSync(file, text(2));
    await until('the error is gone', () => invalid() === undefined && seen.length > 1);
    expect(seen).toEqual([1, 2]);
  });

  it.each<[string, (file: string) => void, string]>([
    ['gone', (file) => rmSync(file), 'FileMissing'],
    ['empty', (file) => writeFileSync(file, ''), 'FileEmpty'],
  ])('that is %s deletes nothing', async (_what, save, code) => {
    const { file, manifests, get, invalid } = await world();
    await manifests.add([file], { strict: true });
    save(file);
    await until('it is said', () => invalid()?.startsWith(code) === true);
    expect(get()?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('without one of its documents deletes that one, after a while', async () => {
    const { file, manifests, get } = await world(`${text(1)}---\n${text(1, 'other')}`);
    await manifests.add([file], { strict: true });
    writeFileSync(file, text(1));
    await until('other is deleted', () => get('other')?.metadata.deletionTimestamp !== undefined);
    expect(get()?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('with a document away only for a moment deletes nothing', async () => {
    const both = `${text(1)}---\n${text(1, 'other')}`;
    const { file, manifests, get, store } = await world(both);
    await manifests.add([file], { strict: true });
    writeFileSync(file, text(1));
    await manifests.sync();
    writeFileSync(file, both);
    await manifests.sync();
    let deleted = false;
    store.watch('modelservings', ({ object }) => {
      deleted ||= object.metadata.deletionTimestamp !== undefined;
    });
    // Long enough for the first save's removal to have come due, told by another file's removal that began later.
    const second = await world(`${text(1, 'a')}---\n${text(1, 'b')}`);
    await second.manifests.add([second.file], { strict: true });
    writeFileSync(second.file, text(1, 'a'));
    await until('the later removal', () => second.get('b')?.metadata.deletionTimestamp !== undefined);
    expect(deleted).toBe(false);
    expect(get('other')).toBeDefined();
  });
});

describe('what is added', () => {
  it('throws with all problems and watches nothing when it is wrong', async () => {
    const { file, manifests, get } = await world(text('many'));
    await expect(manifests.add([file], { strict: true })).rejects.toMatchObject({ code: 'SpecInvalid' });
    await expect(manifests.add([`${file}.not`], { strict: true })).rejects.toMatchObject({
      code: 'FileMissing',
    });
    expect(manifests.paths()).toEqual([]);
    expect(get()).toBeUndefined();
  });

  it('may be a folder, in which files come and go', async () => {
    const { folder, manifests, get } = await world();
    await manifests.add([folder], { strict: true });
    writeFileSync(join(folder, 'second.yaml'), text(1, 'second'));
    await until('second is there', () => get('second') !== undefined);
    expect(get()?.spec.replicas).toBe(1);
  });

  it('with a name that another file has: the one in force stays', async () => {
    const { file, folder, manifests, get } = await world();
    await manifests.add([file], { strict: true });
    const other = join(folder, 'other.yaml');
    writeFileSync(other, text(5));
    await expect(manifests.add([other], { strict: true })).rejects.toThrow('comes from');
    expect(get()?.spec.replicas).toBe(1);
  });

  it('is deleted when its file is removed from the watch', async () => {
    const { file, manifests, get } = await world();
    await manifests.add([file], { strict: true });
    expect(await manifests.removePaths([file])).toEqual([{ namespace: 'default', name: 'sample' }]);
    expect(get()?.metadata.deletionTimestamp).toBeDefined();
  });

  it('waits until a namesake that is being deleted is gone', async () => {
    const { file, manifests, get, store } = await world();
    await manifests.add([file], { strict: true });
    store.markDeleted('modelservings', { namespace: 'default', name: 'sample' });
    const uid = get()?.metadata.uid;
    writeFileSync(file, text(2));
    await manifests.sync();
    expect(get()?.spec.replicas).toBe(1);
    store.remove('modelservings', { namespace: 'default', name: 'sample' });
    await until('the second one is there', () => get()?.spec.replicas === 2);
    expect(get()?.metadata.uid).not.toBe(uid);
  });
});

describe('commit', () => {
  const ref = { namespace: 'default', name: 'sample' };
  const setReplicas = (value: unknown) => () => [{ path: ['spec', 'replicas'], value }];
  const setImage = (role: string, image: string) => (current: ModelServing) => {
    const at = current.spec.template.roles.findIndex((each) => each.name === role);
    return [
      {
        path: ['spec', 'template', 'roles', at, 'entryTemplate', 'spec', 'containers', 0, 'image'],
        value: image,
      },
    ];
  };

  it('changes one line, keeps comments, blank lines and mode, and is one new spec', async () => {
    const { file, manifests, seen } = await world();
    chmodSync(file, 0o640);
    await manifests.add([file], { strict: true });
    await manifests.commit(ref, setReplicas(4));
    expect(readFileSync(file, 'utf8')).toBe(text(4));
    expect(statSync(file).mode & 0o777).toBe(0o640);
    await manifests.sync();
    expect(seen).toEqual([1, 4]);
  });

  it('loses none of many edits at once, and works each out from what the file says by then', async () => {
    const { file, manifests, get } = await world();
    await manifests.add([file], { strict: true });
    const other = text(1).replace(
      '    roles:\n',
      '    roles:\n      - {name: first, workerReplicas: 0, entryTemplate: {spec: {containers: [{name: main, image: "a:1"}]}}}\n',
    );
    writeFileSync(file, other);
    const replicas = (current: ModelServing) => [
      { path: ['spec', 'replicas'], value: current.spec.replicas + 1 },
    ];
    await Promise.all([
      ...Array.from({ length: 5 }, () => manifests.commit(ref, replicas)),
      manifests.commit(ref, setImage('prefill', 'busybox:2')),
    ]);
    expect(readFileSync(file, 'utf8')).toBe(
      other.replace('replicas: 1 ', 'replicas: 6 ').replace('"busybox:1"', 'busybox:2'),
    );
    expect(get()?.spec.replicas).toBe(6);
  });

  it('refuses what does not validate, with what is in force and without, and leaves the file alone', async () => {
    const { file, manifests, get } = await world();
    await manifests.add([file], { strict: true });
    await expect(manifests.commit(ref, setReplicas(-1))).rejects.toMatchObject({
      code: 'SpecInvalid',
      message: expect.stringContaining(`${file}:7:13: `),
    });
    const judged = await manifests.commit(ref, setReplicas(3), { dryRun: true });
    expect(judged).toMatchObject({ metadata: { uid: get()?.metadata.uid }, spec: { replicas: 3 } });
    expect(get()?.spec.replicas).toBe(1);
    expect(readFileSync(file, 'utf8')).toBe(text(1));
    writeFileSync(file, text('many'));
    await expect(manifests.commit(ref, setReplicas(3))).rejects.toMatchObject({ code: 'SpecInvalid' });
    expect(readFileSync(file, 'utf8')).toBe(text('many'));
  });
});

describe('objects that pods refer to', () => {
  const config = (value: string, more = '') =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: ${value}}\n${more}`;
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {t: s}\n';

  it('are in force with the servings of their file, edited with it, and gone with it', async () => {
    const w = await world(`${config('x')}---\n${secret}---\n${text(1)}`);
    const stored = () => w.store.get('configmaps', 'default', 'settings');
    await w.manifests.add([w.file], { strict: true });
    expect(stored()?.data).toEqual({ a: 'x' });
    expect(w.get()).toBeDefined();
    const version = stored()?.metadata.resourceVersion;
    writeFileSync(w.file, `${config('y')}---\n${text(1)}`);
    await until('the edit', () => stored()?.data?.a === 'y');
    expect(stored()?.metadata.resourceVersion).not.toBe(version);
    expect(w.get()?.metadata.generation).toBe(1);
    await until('the Secret is gone', () => !w.store.get('secrets', 'default', 'token'));
    await w.manifests.removePaths([w.file]);
    expect(stored()).toBeUndefined();
  });

  it('stand in a file of their own; a name of another file and a changed immutable are errors', async () => {
    const w = await world(config('x', 'immutable: true\n'));
    await w.manifests.add([w.file], { strict: true });
    const other = join(w.folder, 'other.yaml');
    writeFileSync(other, config('z'));
    await expect(w.manifests.add([other], { strict: true })).rejects.toThrow(
      /comes from .*serving.yaml already/,
    );
    writeFileSync(w.file, config('y', 'immutable: true\n'));
    await w.manifests.sync();
    expect(w.manifests.diagnostics().map((each) => each.code)).toEqual(['Immutable']);
    expect(w.store.get('configmaps', 'default', 'settings')?.data).toEqual({ a: 'x' });
  });

  it('may go over to another file, which waits until the first lets go', async () => {
    const w = await world(`${config('x')}---\n${text(1)}`);
    await w.manifests.add([w.folder], { strict: true });
    writeFileSync(join(w.folder, 'config.yaml'), config('z'));
    await until('the refusal', () => w.manifests.diagnostics().some((each) => each.code === 'DuplicateName'));
    expect(w.store.get('configmaps', 'default', 'settings')?.data).toEqual({ a: 'x' });
    writeFileSync(w.file, text(1));
    await until('the other', () => w.store.get('configmaps', 'default', 'settings')?.data?.a === 'z');
    expect(w.manifests.diagnostics()).toEqual([]);
  });

  it('nothing of several files is in force when one of them cannot be', async () => {
    const w = await world(config('x'));
    await w.manifests.add([w.file], { strict: true });
    const [good, bad] = [join(w.folder, 'a.yaml'), join(w.folder, 'b.yaml')];
    writeFileSync(good, secret);
    writeFileSync(bad, config('z'));
    await expect(w.manifests.add([good, bad], { strict: true })).rejects.toThrow(/comes from/);
    expect(w.store.list('secrets').items).toEqual([]);
  });

  it('the type of a Secret stays', async () => {
    const w = await world(secret);
    await w.manifests.add([w.file], { strict: true });
    writeFileSync(w.file, `${secret}type: example.com/other\n`);
    await w.manifests.sync();
    expect(w.manifests.diagnostics().map((each) => each.code)).toEqual(['Immutable']);
    expect(w.store.get('secrets', 'default', 'token')?.type).toBe('Opaque');
  });

  it('a mistake in the file changes none of them', async () => {
    const w = await world(`${config('x')}---\n${secret}`);
    await w.manifests.add([w.file], { strict: true });
    writeFileSync(w.file, `${config('y')}---\n${secret.replace('stringData', 'strngData')}`);
    await w.manifests.sync();
    expect(w.store.get('configmaps', 'default', 'settings')?.data).toEqual({ a: 'x' });
    expect(w.manifests.diagnostics().map((each) => each.code)).toEqual(['UnknownField']);
  });

  it('are there before the files are read in earnest, the good ones of a bad file too', async () => {
    const w = await world(`${config('x')}---\n${secret}---\nkind: Nothing\n`);
    await restoreSupporting(w.store, [w.folder, '/nowhere/at-all.yaml']);
    const restored = w.store.get('configmaps', 'default', 'settings');
    expect(restored?.data).toEqual({ a: 'x' });
    expect(w.store.list('secrets').items).toHaveLength(1);
    writeFileSync(w.file, `${config('x')}---\n${secret}`);
    await w.manifests.add([w.folder], { strict: true });
    expect(w.store.get('configmaps', 'default', 'settings')).toEqual(restored);
  });
});
