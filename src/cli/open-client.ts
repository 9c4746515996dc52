import type { CliClient } from './cli-client.js';
import type { GlobalOptions } from './cli-context.js';

/** Connects to the API of the cluster, or of what was named: another daemon, or a cluster that runs kthena. Throws DaemonUnreachable. */
export async function openClient({ cluster, kubeconfig, context }: GlobalOptions): Promise<CliClient> {
  const { connect } = await import('../client/api-client.js');
  const client = await connect({
    cluster,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
  });
  if (kubeconfig === undefined && context === undefined) return client;
  const { clusterClient, isOtherCluster } = await import('./cluster-client.js');
  return (await isOtherCluster(client)) ? clusterClient(client) : client;
}
