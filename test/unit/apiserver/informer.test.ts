import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Line, pod, serve } from './serve.js';

type Served = Awaited<ReturnType<typeof serve>>;
const pods = '/api/v1/namespaces/default/pods';
const selector = 'labelSelector=app%20notin%20(hidden)';
const timeoutMs = 15_000;

interface Listed {
  metadata: { resourceVersion: string; continue?: string };
  items: Line['object'][];
}

/**
 * What client libraries keep of a list: pages of it, then its changes from that version on; after a lost connection on from the last
 * version heard, after 410 from the beginning. Or, in the newer way, one watch that begins with what exists.
 */
function informer(on: () => Served, way: 'list' | 'watch') {
  const known = new Map<string, string>();
  let stopped = false;
  let lists = 0;
  let watch: ReturnType<Served['follow']> | undefined;

  const list = async (): Promise<string> => {
    const items: Line['object'][] = [];
    let token = '';
    let version = '';
    do {
      const answer = await on().call('GET', `${pods}?${selector}&limit=3&continue=${token}`);
      if (answer.status !== 200) return '';
      const page = answer.json() as unknown as Listed;
      items.push(...page.items);
      version = page.metadata.resourceVersion;
      token = page.metadata.continue ?? '';
    } while (token !== '');
    known.clear();
    for (const { metadata } of items) known.set(metadata.name, metadata.resourceVersion);
    return version;
  };
  /** Resolves with the version to go on from; '' when that is gone. */
  const follow = async (from: string): Promise<string> => {
    const initial = from === '' ? '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan' : '';
    const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${from}${initial}`;
    watch = on().follow(`${pods}?${selector}&${query}`);
    let version = from;
    let fresh: Map<string, string> | undefined = initial === '' ? undefined : new Map();
    let at = 0;
    for (;;) {
      const isOver = stopped || watch.ended !== '';
      for (; at < watch.told.length; at += 1) {
        const { type, object } = watch.told[at]!;
        if (type === 'ERROR') return '';
        version = object.metadata.resourceVersion;
        const view = fresh ?? known;
        if (type === 'DELETED') view.delete(object.metadata.name);
        else if (type !== 'BOOKMARK') view.set(object.metadata.name, version);
        else if (fresh && object.metadata.annotations) {
          known.clear();
          for (const [name, each] of fresh) known.set(name, each);
          fresh = undefined;
        }
      }
      if (isOver) return fresh ? '' : version;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const running = (async () => {
    let version = '';
    while (!stopped) {
      try {
        if (version === '') lists += 1;
        if (version === '' && way === 'list') version = await list();
        version = await follow(version);
      } catch {
        // The server is away: once more.
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return {
    known,
    lists: () => lists,
    /** As a network does it: without a word. */
    cut: () => watch?.stop(),
    async stop() {
      stopped = true;
      watch?.stop();
      await running;
    },
  };
}

let on: Served;
beforeEach(async () => {
  on = await serve();
});
afterEach(() => on.close());

const wanted = () =>
  on.store
    .list('pods', { labelSelector: 'app notin (hidden)' })
    .items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]);
const agree = (view: ReturnType<typeof informer>) =>
  vi.waitFor(() => expect([...view.known].sort()).toEqual(wanted().sort()), timeoutMs);
const labelled = (name: string, app: string) => ({
  ...pod(name),
  metadata: { ...pod(name).metadata, labels: { app } },
});

it.each(['list', 'watch'] as const)(
  'keeps the view of a client right (%s first): lost connections, versions gone, what ceased to match meanwhile',
  async (way) => {
    for (let at = 0; at < 8; at += 1)
      on.store.create('pods', labelled(`p-${at}`, at % 3 ? 'shown' : 'hidden'));
    const view = informer(() => on, way);
    await agree(view);
    on.store.update('pods', labelled('p-0', 'shown'));
    on.store.update('pods', labelled('p-1', 'hidden'));
    await agree(view);
    expect(view.lists()).toBe(1);

    view.cut();
    on.store.update('pods', labelled('p-2', 'hidden'));
    on.store.remove('pods', { namespace: 'default', name: 'p-4' });
    on.store.create('pods', labelled('p-9', 'shown'));
    await agree(view);
    // It went on where it was: nothing was listed again.
    expect(view.lists()).toBe(1);

    await on.server.close();
    for (let at = 0; at < 4200; at += 1)
      on.store.update('pods', labelled('p-5', at % 2 ? 'hidden' : `n${at}`));
    on.store.remove('pods', { namespace: 'default', name: 'p-9' });
    on = await serve({ port: on.server.port, store: on.store });
    await agree(view);
    expect(view.lists()).toBeGreaterThan(1);
    await view.stop();
  },
  60_000,
);
