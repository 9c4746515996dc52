import type { ResourceName, Resources } from '../api/types/resources.js';
import type { CliClient, PlannedServing } from './cli-client.js';
import type { GlobalOptions } from './cli-context.js';

/** Connects to the API of the cluster, or of the kubeconfig that was named. Throws DaemonUnreachable. */
export async function openClient({ cluster, kubeconfig, context }: GlobalOptions): Promise<CliClient> {
  const { connect } = await import('../client/api-client.js');
  const client = await connect({
    cluster,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
  });
  return {
    list: async <K extends ResourceName>(resource: K, options: object = {}) =>
      itemsOf<Resources[K]>(await client.list(resource, options)),
    get: (resource, namespace, name) => client.get(resource, namespace, name),
    watch: (resource, options, onChange, signal) => client.watch(resource, options, onChange, signal),
    logs: (request, signal) => client.logs(request, signal),
    scale: (namespace, name, edit) => client.scale(namespace, name, edit),
    control: {
      info: () => client.control.info(),
      up: (files) => client.control.up([...files]),
      down: (request) => client.control.down(request as never),
      sync: () => client.control.sync(),
      stop: () => client.control.stop(),
      plan: async (request) => plannedOf(await client.control.plan(request as never)),
    },
    close: () => client.close(),
  };
}

const itemsOf = <T>(listed: readonly T[] | { readonly items: readonly T[] }): readonly T[] =>
  'items' in listed ? listed.items : listed;

/** One ModelServing answers with its stages, a file of several with a list of them. */
const plannedOf = (answer: unknown): readonly PlannedServing[] => {
  if (Array.isArray(answer)) return answer as PlannedServing[];
  const { plans } = answer as { plans?: PlannedServing[] };
  return plans ?? [answer as PlannedServing];
};
