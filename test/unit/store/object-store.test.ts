import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/api/types/resources.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { secondsText } from '../../../src/lib/time-text.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';
import type { Change } from '../../../src/store/object-store.js';

const pod = (name: string, more: Partial<Pod['metadata']> = {}, image = 'a'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', ...more },
  spec: { containers: [{ name: 'main', image }] },
});
const newStore = () => createObjectStore({ clock: manualClock(), startVersion: 100 });
const nextTask = () => new Promise((resolve) => setImmediate(resolve));
const names = (items: readonly Pod[]) => items.map((each) => each.metadata.name);
const lines = (seen: readonly Change<Pod>[]) =>
  seen.map((each) => `${each.type} ${each.object.metadata.name} ${each.resourceVersion}`);

describe('the object store', () => {
  it('fills in what a new object lacks, and starts its versions at the time of the clock', () => {
    const clock = manualClock();
    const made = createObjectStore({ clock }).create('pods', pod('a'));
    expect(made.metadata).toMatchObject({
      generation: 1,
      resourceVersion: String(clock.now() + 1),
      creationTimestamp: secondsText(clock.now()),
    });
    expect(made.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuses a second object of the same name', () => {
    const store = newStore();
    store.create('pods', pod('a'));
    expect(() => store.create('pods', pod('a'))).toThrow(expect.objectContaining({ code: 'AlreadyExists' }));
    expect(store.create('pods', pod('a', { namespace: 'other' })).metadata.namespace).toBe('other');
  });

  it('hands out frozen objects that share nothing with what was given', () => {
    const store = newStore();
    const given = pod('a');
    const made = store.create('pods', given);
    given.spec.containers[0]!.image = 'changed';
    expect(made.spec.containers[0]?.image).toBe('a');
    expect(() => {
      made.spec.containers[0]!.image = 'changed';
    }).toThrow(TypeError);
  });

  it('raises the generation only with the spec, and keeps uid and creation time', () => {
    const store = newStore();
    const first = store.create('pods', pod('a'));
    const labelled = store.update('pods', pod('a', { labels: { x: '1' }, uid: 'forged' }));
    expect(labelled.metadata).toMatchObject({
      uid: first.metadata.uid,
      generation: 1,
      resourceVersion: '102',
    });
    expect(store.update('pods', pod('a', {}, 'b')).metadata.generation).toBe(2);
    expect(store.update('pods', pod('a', { generation: 7 }, 'c')).metadata.generation).toBe(7);
  });

  it('refuses an update of an older version or of nothing', () => {
    const store = newStore();
    const first = store.create('pods', pod('a'));
    store.update('pods', { ...first, spec: { containers: [] } });
    expect(() => store.update('pods', first)).toThrow(expect.objectContaining({ code: 'Conflict' }));
    expect(() => store.update('pods', pod('b'))).toThrow(expect.objectContaining({ code: 'NotFound' }));
  });

  it('writes nothing when nothing changes', async () => {
    const store = newStore();
    const first = store.create('pods', pod('a'));
    const at = { namespace: 'default', name: 'a', uid: first.metadata.uid ?? '' };
    store.updateStatus('pods', at, { phase: 'Running' });
    const seen: Change<Pod>[] = [];
    store.watch('pods', (change) => seen.push(change));
    const version = store.list('pods').resourceVersion;
    store.update('pods', store.get('pods', 'default', 'a')!);
    store.updateStatus('pods', at, { phase: 'Running' });
    store.remove('pods', { ...at, uid: 'another' });
    await nextTask();
    expect(store.list('pods').resourceVersion).toBe(version);
    expect(seen).toEqual([]);
  });

  it('drops a late report about a namesake', () => {
    const store = newStore();
    store.create('pods', pod('a'));
    store.updateStatus('pods', { namespace: 'default', name: 'a', uid: 'old' }, { phase: 'Failed' });
    store.markDeleted('pods', { namespace: 'default', name: 'a', uid: 'old' });
    store.updateStatus('pods', { namespace: 'default', name: 'b', uid: 'old' }, { phase: 'Failed' });
    expect(store.get('pods', 'default', 'a')?.status).toBeUndefined();
    expect(store.get('pods', 'default', 'a')?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('marks a deletion once; only a shorter grace may follow', () => {
    const clock = manualClock();
    const store = createObjectStore({ clock });
    store.create('pods', pod('a'));
    const at = { namespace: 'default', name: 'a' };
    store.markDeleted('pods', at, 30);
    const marked = store.get('pods', 'default', 'a')?.metadata;
    const at30 = secondsText(clock.now() + 30_000);
    expect(marked).toMatchObject({ deletionTimestamp: at30, deletionGracePeriodSeconds: 30 });
    const begun = secondsText(clock.now());
    clock.advance(1000);
    store.markDeleted('pods', at, 60);
    store.markDeleted('pods', at);
    expect(store.get('pods', 'default', 'a')?.metadata).toEqual(marked);
    store.markDeleted('pods', at, 0);
    expect(store.get('pods', 'default', 'a')?.metadata).toMatchObject({
      deletionTimestamp: begun,
      deletionGracePeriodSeconds: 0,
    });
  });

  it('gives a Pod the grace that it asks for, as kubectl describe takes for granted', () => {
    const clock = manualClock();
    const store = createObjectStore({ clock });
    const asking = pod('a');
    store.create('pods', { ...asking, spec: { ...asking.spec, terminationGracePeriodSeconds: 7 } });
    store.create('pods', pod('b'));
    store.create('pods', { ...pod('c'), spec: { ...asking.spec, terminationGracePeriodSeconds: 1e300 } });
    for (const name of ['a', 'b', 'c']) store.markDeleted('pods', { namespace: 'default', name });
    const told = (name: string) => store.get('pods', 'default', name)?.metadata;
    expect(told('a')).toMatchObject({
      deletionTimestamp: secondsText(clock.now() + 7000),
      deletionGracePeriodSeconds: 7,
    });
    expect(told('b')?.deletionGracePeriodSeconds).toBe(30);
    expect(told('c')?.deletionTimestamp).toMatch(/^\d{4}-/);
  });

  it('lists by namespace, then by name with numbers compared as numbers', () => {
    const store = newStore();
    for (const name of ['s-10', 's-2', 's-1']) store.create('pods', pod(name));
    store.create('pods', pod('s-0', { namespace: 'another' }));
    expect(names(store.list('pods').items)).toEqual(['s-0', 's-1', 's-2', 's-10']);
    expect(names(store.list('pods', { namespace: 'another' }).items)).toEqual(['s-0']);
  });

  it.each([
    ['app=x', ['a', 'b']],
    ['app==x,tier!=back', ['a']],
    ['app!=x', ['c', 'd']],
    ['app in (x, y)', ['a', 'b', 'c']],
    ['app notin (x,y)', ['d']],
    ['app in (x,y),tier', ['b', 'c']],
    ['!tier', ['a', 'd']],
    ['', ['a', 'b', 'c', 'd']],
  ])('selects by labels: %s', (labelSelector, expected) => {
    const store = newStore();
    store.create('pods', pod('a', { labels: { app: 'x' } }));
    store.create('pods', pod('b', { labels: { app: 'x', tier: 'back' } }));
    store.create('pods', pod('c', { labels: { app: 'y', tier: 'front' } }));
    store.create('pods', pod('d'));
    expect(names(store.list('pods', { labelSelector }).items)).toEqual(expected);
  });

  it.each([
    ['metadata.name=a', ['a']],
    ['status.phase=Running', ['a']],
    ['status.phase!=Running', ['b']],
    ['spec.nodeName=', ['a', 'b']],
  ])('selects by fields: %s', (fieldSelector, expected) => {
    const store = newStore();
    const { metadata } = store.create('pods', pod('a'));
    store.create('pods', pod('b'));
    store.updateStatus('pods', { ...metadata, uid: metadata.uid ?? '' }, { phase: 'Running' });
    expect(names(store.list('pods', { fieldSelector }).items)).toEqual(expected);
  });

  it('tells watchers in a later task, in order, and nothing once closed', async () => {
    const store = newStore();
    const seen: Change<Pod>[] = [];
    const watch = store.watch('pods', (change) => seen.push(change), { labelSelector: '!hidden' });
    store.create('pods', pod('a'));
    store.create('pods', pod('h', { labels: { hidden: '' } }));
    store.update('pods', pod('a', {}, 'b'));
    store.remove('pods', { namespace: 'default', name: 'a' });
    expect(seen).toEqual([]);
    await nextTask();
    expect(lines(seen)).toEqual(['ADDED a 101', 'MODIFIED a 103', 'DELETED a 104']);
    store.create('pods', pod('late'));
    watch.close();
    await nextTask();
    expect(seen.length).toBe(3);
  });

  it('replays what followed a version before what comes next', async () => {
    const store = newStore();
    store.create('pods', pod('a'));
    const from = store.list('pods').resourceVersion;
    store.create('pods', pod('b'));
    const seen: Change<Pod>[] = [];
    store.watch('pods', (change) => seen.push(change), { from });
    store.create('pods', pod('c'));
    await nextTask();
    expect(lines(seen)).toEqual(['ADDED b 102', 'ADDED c 103']);
  });

  it('tells a watcher with a selector what begins to match and what ceases to', async () => {
    const store = newStore();
    const of = (tier?: string, image = 'a') => pod('a', tier ? { labels: { tier } } : {}, image);
    const seen: Change<Pod>[] = [];
    store.watch('pods', (change) => seen.push(change), { labelSelector: 'tier=front' });
    store.create('pods', of('back'));
    store.update('pods', of('front'));
    store.update('pods', of('front', 'b'));
    store.update('pods', of());
    store.update('pods', of('back'));
    store.remove('pods', { namespace: 'default', name: 'a' });
    await nextTask();
    expect(lines(seen)).toEqual(['ADDED a 102', 'MODIFIED a 103', 'DELETED a 104']);
    // As it was when it last matched, but with the version to go on from.
    const last = seen[2]?.object;
    expect(last?.metadata).toMatchObject({ labels: { tier: 'front' }, resourceVersion: '104' });
    expect(last?.spec.containers[0]?.image).toBe('b');
    expect(Object.isFrozen(last) && Object.isFrozen(last?.metadata)).toBe(true);
  });

  it('replays to a watcher with a selector what ceased to match after its version', async () => {
    const store = newStore();
    store.create('pods', pod('a', { labels: { tier: 'front' } }));
    const from = store.list('pods').resourceVersion;
    store.update('pods', pod('a'));
    store.create('pods', pod('b', { labels: { tier: 'front' } }));
    store.remove('pods', { namespace: 'default', name: 'b' });
    const seen: Change<Pod>[] = [];
    store.watch('pods', (change) => seen.push(change), { from, labelSelector: 'tier=front' });
    await nextTask();
    expect(lines(seen)).toEqual(['DELETED a 102', 'ADDED b 103', 'DELETED b 104']);
  });

  it('lists what there was at any version it remembers', () => {
    const store = newStore();
    const then = new Map<string, readonly Pod[]>();
    const keep = () => then.set(store.list('pods').resourceVersion, store.list('pods').items);
    keep();
    for (let at = 0; at < 40; at++) {
      const name = `p-${at % 7}`;
      const known = store.get('pods', 'default', name);
      if (!known) store.create('pods', pod(name));
      else if (at % 3 === 0) store.remove('pods', known.metadata);
      else store.update('pods', pod(name, { labels: { at: `${at}` } }));
      if (at % 5 === 0) store.create('events', { metadata: { name: `e-${at}`, namespace: 'x' } } as never);
      keep();
    }
    for (const [at, items] of then)
      expect(store.list('pods', { at })).toEqual({ items, resourceVersion: at });
    for (const at of ['99', '1000', 'x'])
      expect(() => store.list('pods', { at })).toThrow(expect.objectContaining({ code: 'Gone' }));
  });

  it('keeps two names apart that count as the same number', () => {
    const store = newStore();
    for (const name of ['s-1', 's-01', 's-001']) store.create('pods', pod(name));
    expect(names(store.list('pods').items)).toEqual(['s-001', 's-01', 's-1']);
  });

  it('says Gone for a version of an earlier process or beyond its memory', () => {
    const store = newStore();
    const gone = expect.objectContaining({ code: 'Gone' });
    const watch = (from: string) => store.watch('pods', () => {}, { from }).close();
    expect(() => watch('99')).toThrow(gone);
    expect(() => watch('nonsense')).toThrow(gone);
    watch('100');
    for (let at = 0; at < 5000; at++)
      store.update('pods', at ? pod('a', {}, `${at}`) : store.create('pods', pod('a')));
    expect(() => watch('100')).toThrow(gone);
    watch(store.list('pods').resourceVersion);
  });

  it('does not remember without bound what is large', () => {
    const store = newStore();
    const filler = 'x'.repeat(4 * 1024 * 1024);
    store.create('pods', pod('a'));
    for (let at = 0; at < 20; at++) store.update('pods', pod('a', { annotations: { filler, at: `${at}` } }));
    expect(() => store.list('pods', { at: '102' })).toThrow(expect.objectContaining({ code: 'Gone' }));
    const at = `${Number(store.version()) - 10}`;
    expect(store.list('pods', { at }).items[0]?.metadata.resourceVersion).toBe(at);
  });
});
