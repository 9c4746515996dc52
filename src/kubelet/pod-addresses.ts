import { AppError } from '../lib/app-error.js';
import { allocateIp, inSubnet } from './allocate-ip.js';
import type { Engine, NetworkInfo } from './engine.js';
import type { PodRegistry } from './pod-registry.js';
import type { PodState } from './pod-state.js';

export interface PodAddresses {
  /** The Pod's address in its namespace network, which it keeps for its life; the network is made when it is missing. */
  of(state: PodState): Promise<{ podIp: string; hostIp: string }>;
  /** What is known of networks is no longer to be relied on. */
  forgetNetworks(): void;
  /** Namespaces whose network was used. */
  namespaces(): Iterable<string>;
  forget(namespace: string): void;
}

export function podAddresses(engine: Engine, registry: PodRegistry): PodAddresses {
  const networks = new Map<string, Promise<NetworkInfo>>();
  const lastIp = new Map<string, string>();
  return {
    async of(state) {
      const { namespace } = state.pod.metadata;
      let network = networks.get(namespace);
      if (!network) {
        network = engine.ensureNetwork(namespace);
        networks.set(namespace, network);
        network.catch(() => networks.delete(namespace));
      }
      const known = await network;
      // The host's own address in that network: others of it reach the pod there.
      if (state.pod.spec.hostNetwork) {
        state.ip = known.gateway;
        return { podIp: known.gateway, hostIp: known.gateway };
      }
      // A network that was removed under our feet may come back with another subnet.
      if (state.ip && !inSubnet(state.ip, known.subnet) && state.containers.size === 0) state.ip = undefined;
      if (!state.ip) {
        const ip = allocateIp(known, registry.takenIps(namespace), lastIp.get(namespace));
        if (!ip) {
          const full = `network ${known.subnet} of namespace ${namespace} has no free address`;
          throw new AppError('EngineRefused', full);
        }
        state.ip = ip;
        lastIp.set(namespace, ip);
      }
      return { podIp: state.ip, hostIp: known.gateway };
    },
    forgetNetworks: () => networks.clear(),
    namespaces: () => networks.keys(),
    forget: (namespace) => void networks.delete(namespace),
  };
}
