import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SupportingObject } from '../../../src/api/read-supporting.js';
import { systemClock } from '../../../src/lib/clock.js';
import { silentLogger } from '../../../src/lib/logger.js';
import { type Manifests, startManifests } from '../../../src/manifests/start-manifests.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';

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
