import type { Engine, NetworkInfo } from '../engine.js';

/** The networks and volumes of the simulated engine: names and labels, nothing more. `reach` throws while the API is away. */
export function networksAndVolumes(reach: () => void): Pick<
  Engine,
  'ensureNetwork' | 'removeNetwork' | 'ensureVolume' | 'fillVolume' | 'listVolumes' | 'removeVolume'
> & {
  listNetworks(): Promise<string[]>;
} {
  const volumes = new Map<string, Record<string, string>>();
  const networks = new Map<string, NetworkInfo>();
  return {
    async ensureNetwork(namespace) {
      reach();
      const known = networks.get(namespace);
      if (known) return known;
      const second = 16 + (networks.size % 200);
      const made = {
        networkId: `net-${namespace}`,
        subnet: `10.${second}.0.0/16`,
        gateway: `10.${second}.0.1`,
      };
      networks.set(namespace, made);
      return made;
    },
    async removeNetwork(namespace) {
      reach();
      networks.delete(namespace);
    },
    async listNetworks() {
      reach();
      return [...networks.keys()];
    },
    async ensureVolume(name, labels) {
      reach();
      if (!volumes.has(name)) volumes.set(name, { ...labels });
    },
    async fillVolume() {
      reach();
    },
    async listVolumes() {
      reach();
      return [...volumes].map(([name, labels]) => ({ name, labels }));
    },
    async removeVolume(name) {
      reach();
      volumes.delete(name);
    },
  };
}
