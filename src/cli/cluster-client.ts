import type { AnyResource, ResourceName } from '../api/types/resources.js';
import type { ApiClient } from '../client/api-client.js';
import { AppError, isAppError } from '../lib/app-error.js';
import { systemClock } from '../lib/clock.js';
import type { CliClient } from './cli-client.js';

const mirrored: ReadonlySet<ResourceName> = new Set(['servinggroups', 'roles', 'scalingoperations']);

/** Whether the API is that of a cluster where minithena does not run. Throws NotFound where kthena does not either. */
export async function isOtherCluster(client: ApiClient): Promise<boolean> {
  try {
    if (await client.hasGroup('minithena.dev')) return false;
    if (await client.hasGroup('workload.serving.volcano.sh')) return true;
  } catch (error) {
    // Our daemon hides nothing from anybody.
    if (isAppError(error, 'Forbidden')) return true;
    throw error;
  }
  throw new AppError('NotFound', 'this cluster has no ModelServings: kthena is not installed there', {
    hint: 'install kthena there, or choose another --context',
  });
}

/**
 * A client of such a cluster: groups, roles and stages are made here of its ModelServings and Pods, and what only our daemon can do says so.
 */
export function clusterClient(client: ApiClient): CliClient {
  const started = new Map<string | undefined, Promise<import('../mirror/start-mirror.js').Mirror>>();
  /** Of one namespace alone where one is asked for: a user may be allowed no more, and a cluster has many. */
  const mirror = async (namespace?: string) => {
    const found =
      started.get(namespace) ??
      import('../mirror/start-mirror.js').then(({ startMirror }) =>
        startMirror((...words) => client.watch(...words), systemClock, namespace),
      );
    started.set(namespace, found);
    await (await found).synced();
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
      return (await mirror(options.namespace)).store.list(resource, options).items;
    },
    async get(resource, namespace, name) {
      if (!mirrored.has(resource)) return client.get(resource, namespace, name);
      const found = (await mirror(namespace)).store.get(resource, namespace, name);
      if (found) return found;
      throw new AppError('NotFound', `${resource} "${name}" not found`);
    },
    async watch(resource, options, onChange, signal) {
      if (!mirrored.has(resource))
        return client.watch(
          resource,
          options,
          (change) => onChange(isUnseen(resource, change) ? { type: 'SYNCED' } : change),
          signal,
        );
      const { store } = await mirror(options.namespace);
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
      info: missing('this command'),
      up: missing('up'),
      down: missing('down'),
      stop: missing('stop'),
      plan: async (request) => (await mirror(request.namespace)).plan(request),
      failures: async () => [],
      drill: missing('chaos'),
      // Nothing is between a file and that cluster.
      sync: async () => {},
    },
    async close() {
      for (const each of started.values()) (await each).close();
      await client.close();
    },
  };
  return { ...client, ...own, isOtherCluster: true };
}

/** Nodes and events are told beside the rest: where a user may not see them, there are none. */
const isUnseen = (resource: ResourceName, change: { type: string; error?: unknown }): boolean =>
  (resource === 'nodes' || resource === 'events') &&
  change.type === 'DISCONNECTED' &&
  isAppError(change.error, 'Forbidden');
