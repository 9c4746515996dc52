import { ownerLabel } from '../../api/labels.js';
import { connect, type EngineConnection } from './connect.js';
import { translated } from './translate-error.js';

/** The cluster ids, beside our own, whose containers carry this cluster's name: another daemon's, or ours from a state that was lost. */
export async function otherClusterIds(
  connection: EngineConnection,
  cluster: { name: string; id: string },
): Promise<string[]> {
  const docker = await translated(() => connect(connection));
  const label = [`${ownerLabel.owner}=minithena`, `${ownerLabel.cluster}=${cluster.name}`];
  const found = await translated(() => docker.listContainers({ all: true, filters: { label } }));
  const ids = new Set(found.map((each) => each.Labels[ownerLabel.clusterId] ?? ''));
  ids.delete(cluster.id);
  ids.delete('');
  return [...ids];
}
