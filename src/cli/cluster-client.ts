import type { AnyResource, ResourceName } from '../api/types/resources.js';
import type { ApiClient } from '../client/api-client.js';
import { AppError, isAppError } from '../lib/app-error.js';
import { systemClock } from '../lib/clock.js';
import type { CliClient } from './cli-client.js';

const mirrored: ReadonlySet<ResourceName> = new Set(['servinggroups', 'roles', 'scalingoperations']);

/** Whether the API is that of a cluster where minithena does not run. Throws what the connection throws. */
export async function isOtherCluster(client: ApiClient): Promise<boolean> {
  try {
    await client.list('servinggroups');
    return false;
  } catch (error) {
    if (isAppError(error, 'NotFound')) return true;
    throw error;
  }
}

/**
 * A client of such a cluster: groups, roles and stages are made here of its ModelServings and Pods, and what only our daemon can do says so.
 */
export function clusterClient(client: ApiClient): CliClient {
  let started: Promise<import('../mirror/start-mirror.js').Mirror> | undefined;
  const mirror = async () => {
    started ??= import('../mirror/start-mirror.js').then(({ startMirror }) =>
      startMirror((...words) => client.watch(...words), systemClock),
    );
    const found = await started;
    await found.synced();
    return found;
  };
  const missing = (what: string) => async (): Promise<never> => {
    throw new AppError('MethodNotAllowed', `${what} needs a daemon of minithena; this is another cluster`, {
      hint: 'leave out --context and --kubeconfig for the one on this machine',
    });
  };
  const own: Pick<CliClient, 'list' | 'get' | 'watch' | 'control' | 'close' | 'files'> = {
    async list(resource, options = {}) {
      if (!mirrored.has(resource)) return client.list(resource, options);
      return (await mirror()).store.list(resource, options).items;
    },
    async get(resource, namespace, name) {
      if (!mirrored.has(resource)) return client.get(resource, namespace, name);
      const found = (await mirror()).store.get(resource, namespace, name);
      if (found) return found;
      throw new AppError('NotFound', `${resource} "${name}" not found`);
    },
    async watch(resource, options, onChange, signal) {
      if (!mirrored.has(resource)) return client.watch(resource, options, onChange, signal);
      const { store } = await mirror();
      if (signal.aborted) return;
      for (const object of store.list(resource, options).items) onChange({ type: 'ADDED', object });
      onChange({ type: 'SYNCED' });
      const watch = store.watch(
        resource,
        ({ type, object }: { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: AnyResource }) =>
          onChange({ type, object } as never),
        options,
      );
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      watch.close();
    },
    files: {
      stat: missing('cp'),
      read: missing('cp'),
      write: missing('cp'),
    },
    control: {
      info: missing('this'),
      up: missing('up'),
      down: missing('down'),
      stop: missing('stop'),
      plan: async (request) => (await mirror()).plan(request),
      failures: async () => [],
      drill: missing('chaos'),
      // Nothing is between a file and that cluster.
      sync: async () => {},
    },
    async close() {
      (await started)?.close();
      await client.close();
    },
  };
  return { ...client, ...own, isOtherCluster: true };
}
