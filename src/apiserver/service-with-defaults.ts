import type { Service } from '../api/types/resources.js';

/**
 * A Service as Kubernetes would keep it, without an address of its own: nothing here routes to it, and who waits for one (helm --wait) is told
 * that there will be none. Pure.
 */
export function serviceWithDefaults(service: Service): Service {
  const { ports, type = 'ClusterIP' } = service.spec;
  return {
    ...service,
    spec: {
      ...service.spec,
      type,
      ...(type !== 'ExternalName' && { clusterIP: service.spec.clusterIP || 'None' }),
      ...(ports && {
        ports: ports.map((each) => ({
          ...each,
          protocol: each.protocol ?? 'TCP',
          targetPort: each.targetPort ?? each.port,
        })),
      }),
    },
  };
}
