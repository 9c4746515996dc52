import type { CliClient } from './cli-client.js';
import type { GlobalOptions } from './cli-context.js';

/** Connects to the API of the cluster, or of the kubeconfig that was named. Throws DaemonUnreachable. */
export async function openClient({ cluster, kubeconfig, context }: GlobalOptions): Promise<CliClient> {
  const { connect } = await import('../client/api-client.js');
  return connect({
    cluster,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
  });
}
