import type { Pod } from '../../api/types/resources.js';
import type { ContainerSpec } from '../engine.js';
import type { PodSurroundings } from './pod-surroundings.js';

/** What belongs to the pod's network, and so to the one container that has it. Pure. */
export function podNetworkDetails(pod: Pod, around: PodSurroundings): Partial<ContainerSpec> {
  const { dnsConfig, hostAliases = [], securityContext } = pod.spec;
  const extraHosts = [
    ...hostAliases.flatMap(({ hostnames = [], ip = '' }) => hostnames.map((hostname) => ({ hostname, ip }))),
    ...(around.entry ? around.entry.names.map((hostname) => ({ hostname, ip: around.entry?.ip ?? '' })) : []),
  ];
  const sysctls = Object.fromEntries(
    (securityContext?.sysctls ?? []).map(({ name, value }) => [name, value]),
  );
  return {
    ...(extraHosts.length > 0 && { extraHosts }),
    ...(dnsConfig && {
      dns: {
        servers: dnsConfig.nameservers ?? [],
        searches: dnsConfig.searches ?? [],
        options: (dnsConfig.options ?? []).map(({ name = '', value }) =>
          value === undefined ? name : `${name}:${value}`,
        ),
      },
    }),
    ...(Object.keys(sysctls).length > 0 && { sysctls }),
  };
}

/** Which namespaces of the host or of the sandbox a container sees. Pure. */
export const podNamespaces = ({ spec }: Pod, sandboxId: string | undefined): Partial<ContainerSpec> => ({
  ...(spec.hostIPC && sandboxId === undefined && { hostIpc: true }),
  ...(spec.hostPID && { hostPid: true }),
  ...(spec.shareProcessNamespace && sandboxId !== undefined && { pidOf: sandboxId }),
});

/**
 * The OCI runtime that runtimeClassName asks for. One that the engine has not is left out: clusters name one for GPUs (`nvidia`) where the
 * engine of a laptop needs none. Pure.
 */
export const runtimeOf = ({ spec }: Pod, { runtimes }: PodSurroundings): string | undefined =>
  spec.runtimeClassName !== undefined && (runtimes ?? [spec.runtimeClassName]).includes(spec.runtimeClassName)
    ? spec.runtimeClassName
    : undefined;
