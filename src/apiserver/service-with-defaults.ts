import type { Service } from '../api/types/resources.js';

/**
 * A Service as Kubernetes would keep it. Its address is one that leads nowhere, as the Service does: who waits for one (helm --wait) need not
 * wait, and `None` would mean that its ports are those of its Pods (kubectl port-forward). Pure.
 */
export function serviceWithDefaults(service: Service): Service {
  const { ports, type = 'ClusterIP' } = service.spec;
  return {
    ...service,
    spec: {
      ...service.spec,
      type,
      ...(type !== 'ExternalName' && { clusterIP: service.spec.clusterIP || '0.0.0.0' }),
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
