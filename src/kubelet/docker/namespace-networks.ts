import type Docker from 'dockerode';
import { ownerLabel } from '../../api/labels.js';
import { AppError, messageOf } from '../../lib/app-error.js';
import type { NetworkInfo } from '../engine.js';
import { freeSubnet } from './free-subnet.js';
import { settled, translated, translateError } from './translate-error.js';

/** One bridge network per namespace of the cluster, with a subnet of our choice, since only such a one gives fixed addresses. */
export function namespaceNetworks(docker: Docker, cluster: { name: string; id: string }) {
  const nameOf = (namespace: string) => `minithena_${cluster.name}_${namespace}`;
  const label = `${ownerLabel.clusterId}=${cluster.id}`;

  const find = async (namespace: string): Promise<NetworkInfo | undefined> => {
    const all = await translated(() => docker.listNetworks({ filters: { label: [label] } }));
    const found = all.find((each) => each.Name === nameOf(namespace));
    const config = found?.IPAM?.Config?.[0];
    if (!found || !config?.Subnet) return undefined;
    return {
      networkId: found.Id,
      subnet: config.Subnet,
      gateway: config.Gateway ?? firstAddress(config.Subnet),
    };
  };

  const create = async (namespace: string): Promise<void> => {
    const refused: string[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      const all = await translated(() => docker.listNetworks());
      const taken = all.flatMap((each) => (each.IPAM?.Config ?? []).flatMap((config) => config.Subnet ?? []));
      const subnet = freeSubnet([...taken, ...refused]);
      if (!subnet) break;
      try {
        await docker.createNetwork({
          Name: nameOf(namespace),
          Driver: 'bridge',
          CheckDuplicate: true,
          IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: firstAddress(subnet) }] },
          Labels: {
            [ownerLabel.owner]: 'minithena',
            [ownerLabel.cluster]: cluster.name,
            [ownerLabel.clusterId]: cluster.id,
            [ownerLabel.namespace]: namespace,
          },
        });
        return;
      } catch (error) {
        if (/already exists/.test(messageOf(error)) && (await find(namespace))) return;
        // A route that neither the engine's list nor our interfaces show.
        if (!/overlaps|is already used/i.test(messageOf(error))) throw translateError(error);
        refused.push(subnet);
      }
    }
    throw new AppError('EngineRefused', `no subnet is free for the network of namespace ${namespace}`, {
      hint: 'docker network prune removes networks that nothing uses',
    });
  };

  return {
    nameOf,
    async ensure(namespace: string): Promise<NetworkInfo> {
      const before = await find(namespace);
      if (before) return before;
      await create(namespace);
      const made = await find(namespace);
      if (made) return made;
      throw new AppError('EngineRefused', `the network ${nameOf(namespace)} was made and cannot be found`);
    },
    async remove(namespace: string): Promise<void> {
      const found = await find(namespace);
      if (found) await settled(() => docker.getNetwork(found.networkId).remove(), true);
    },
    async list(): Promise<string[]> {
      const all = await translated(() => docker.listNetworks({ filters: { label: [label] } }));
      return all.flatMap((each) => each.Labels?.[ownerLabel.namespace] ?? []);
    },
  };
}

const firstAddress = (subnet: string): string =>
  (subnet.split('/')[0] ?? '').replace(/\d+$/, (last) => String(Number(last) + 1));
