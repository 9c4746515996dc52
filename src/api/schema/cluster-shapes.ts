import { metadataShape } from './metadata-shape.js';
import { objectReference } from './object-reference.js';
import {
  any,
  boolean,
  integer,
  intOrString,
  list,
  map,
  object,
  oneOf,
  required,
  type Shape,
  string,
} from './shape.js';

const head = { apiVersion: string, kind: string, metadata: metadataShape };
const texts = list(string);

/** core/v1 objects that clients make and nothing here acts on, as far as Kubernetes 1.30 knows them. */
export const clusterShapes: Readonly<Record<'Service' | 'Event' | 'Namespace', Shape>> = {
  Service: object({
    ...head,
    spec: required(
      object({
        allocateLoadBalancerNodePorts: boolean,
        clusterIP: string,
        clusterIPs: texts,
        externalIPs: texts,
        externalName: string,
        externalTrafficPolicy: string,
        healthCheckNodePort: integer,
        internalTrafficPolicy: string,
        ipFamilies: texts,
        ipFamilyPolicy: string,
        loadBalancerClass: string,
        loadBalancerIP: string,
        loadBalancerSourceRanges: texts,
        ports: list(
          object({
            appProtocol: string,
            name: string,
            nodePort: integer,
            port: { ...required(integer), min: 1, max: 65_535 },
            protocol: oneOf('TCP', 'UDP', 'SCTP'),
            targetPort: intOrString,
          }),
        ),
        publishNotReadyAddresses: boolean,
        selector: map(string),
        sessionAffinity: oneOf('ClientIP', 'None'),
        sessionAffinityConfig: any,
        trafficDistribution: string,
        type: oneOf('ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'),
      }),
    ),
    status: any,
  }),
  Event: object({
    ...head,
    action: string,
    count: integer,
    eventTime: string,
    firstTimestamp: string,
    involvedObject: objectReference,
    lastTimestamp: string,
    message: string,
    reason: string,
    related: objectReference,
    reportingComponent: string,
    reportingInstance: string,
    series: object({ count: integer, lastObservedTime: string }),
    source: object({ component: string, host: string }),
    type: oneOf('Normal', 'Warning'),
  }),
  Namespace: object({ ...head, spec: object({ finalizers: texts }), status: any }),
};
