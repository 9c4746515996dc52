import { metadataShape } from './metadata-shape.js';
import { podTemplateShape } from './pod-shape.js';
import {
  any,
  between,
  ignored,
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

const oneHost = 'it has no meaning on one host';

const role = object({
  name: required(string),
  replicas: between(0),
  workerReplicas: { ...required(integer), min: 0 },
  entryTemplate: required(podTemplateShape),
  workerTemplate: podTemplateShape,
  maxUnavailable: intOrString,
  partition: intOrString,
});

/** `workload.serving.volcano.sh/v1alpha1` ModelServing as kthena's API has it. */
export const modelServingShape: Shape = object({
  apiVersion: required(string),
  kind: required(string),
  metadata: required(metadataShape),
  spec: required(
    object({
      replicas: between(0),
      schedulerName: ignored(oneHost),
      plugins: list(object({ name: required(string), type: string, config: any, scope: any }), 'name'),
      recoveryPolicy: oneOf('ServingGroupRecreate', 'RoleRecreate', 'None'),
      rolloutStrategy: object({
        type: oneOf('ServingGroupRollingUpdate', 'RoleRollingUpdate'),
        rollingUpdateConfiguration: object({ maxUnavailable: intOrString, partition: intOrString }),
      }),
      template: required(
        object({
          restartGracePeriodSeconds: between(0),
          gangPolicy: object({ minRoleReplicas: map(integer) }),
          networkTopology: ignored(oneHost),
          roles: required(list(role, 'name')),
        }),
      ),
    }),
  ),
  status: any,
});
