import type { Pod } from '../api/types/resources.js';
import type { ObjectStore } from '../store/object-store.js';
import { podNames } from './map/pod-names.js';

/**
 * The names and address of the entry pod of a role instance, where the network does not tell them: a pod on the host's network has no part in
 * the names of the other, and is not known to them. undefined where names are enough, `unknown` as long as the entry pod has no address.
 */
export function entryAddress(
  store: ObjectStore,
  pod: Pod,
  hostIp: string,
): { names: readonly string[]; ip: string } | 'unknown' | undefined {
  const address = pod.spec.containers[0]?.env?.findLast((each) => each.name === 'ENTRY_ADDRESS')?.value;
  if (address === undefined) return undefined;
  const name = address.split('.')[0] ?? '';
  const entry = store.get('pods', pod.metadata.namespace, name);
  const names = podNames(name, pod.metadata.namespace);
  if (entry?.spec.hostNetwork) return { names, ip: hostIp };
  if (!pod.spec.hostNetwork) return undefined;
  const ip = entry?.status?.podIP;
  return ip ? { names, ip } : 'unknown';
}
