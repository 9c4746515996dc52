import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import { expect, it, vi } from 'vitest';
import { pod, serve } from './serve.js';

/** More than the server remembers. */
const manyChanges = 5000;

it('@kubernetes/client-node’s informer goes on after a lost connection, and lists anew after 410', async () => {
  const on = await serve();
  const sockets = new Set<Socket>();
  const proxy = createServer((from) => {
    const to = connect(on.server.port, '127.0.0.1');
    for (const each of [from, to]) sockets.add(each.on('error', () => each.destroy()));
    from.pipe(to).pipe(from);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const each of sockets) each.destroy();
    sockets.clear();
  };
  const { port } = proxy.address() as { port: number };
  const config = new KubeConfig();
  config.loadFromString(readFileSync(on.kubeconfig, 'utf8').replace(`:${on.server.port}`, `:${port}`));
  const core = config.makeApiClient(CoreV1Api);
  const namespace = 'default';
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, () =>
    core.listNamespacedPod({ namespace }),
  );
  const heard: string[] = [];
  const lost: unknown[] = [];
  for (const what of ['add', 'update', 'delete'] as const)
    informer.on(what, ({ metadata }) => heard.push(`${what} ${metadata?.name}`));
  informer.on('error', (error) => lost.push(error));
  const isTold = (line: string) => vi.waitFor(() => expect(heard).toContain(line), 30_000);
  try {
    on.store.create('pods', pod('a'));
    await informer.start();
    await isTold('add a');
    on.store.create('pods', pod('b'));
    await isTold('add b');

    cut();
    await vi.waitFor(() => expect(lost.length).toBeGreaterThan(0), 30_000);
    on.store.create('pods', pod('c'));
    await informer.start();
    await isTold('add c');
    expect(heard.filter((line) => line.startsWith('add'))).toEqual(['add a', 'add b', 'add c']);

    const before = lost.length;
    cut();
    await vi.waitFor(() => expect(lost.length).toBeGreaterThan(before), 30_000);
    on.store.remove('pods', { namespace, name: 'a' });
    for (let at = 0; at < manyChanges; at += 1)
      on.store.update('pods', { ...pod('b'), metadata: { ...pod('b').metadata, labels: { at: `${at}` } } });
    await informer.start();
    await isTold('delete a');
    await vi.waitFor(
      () => expect(informer.get('b', namespace)?.metadata?.labels?.at).toBe(`${manyChanges - 1}`),
      30_000,
    );
    // It was not told all that happened meanwhile.
    expect(heard.filter((line) => line === 'update b').length).toBeLessThan(10);
  } finally {
    await informer.stop();
    cut();
    proxy.close();
    await on.close();
  }
});
