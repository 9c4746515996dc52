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
  told,
} from './shape.js';

const oneHost = 'it has no meaning on one host';

const role = object({
  name: told(
    'Part of the names of its instances and pods: <serving>-<group>-<role>-<instance>-<pod>.',
    required(string),
  ),
  replicas: told(
    'Instances in each ServingGroup; each has an entry pod and its workers. 1 by default.',
    between(0),
  ),
  workerReplicas: told('Worker pods of each instance, beside its entry pod.', {
    ...required(integer),
    min: 0,
  }),
  entryTemplate: told(
    'The first pod of an instance; the others find it by ENTRY_ADDRESS.',
    required(podTemplateShape),
  ),
  workerTemplate: told('The other pods of an instance.', podTemplateShape),
  maxUnavailable: told(
    'Of a roll-out by role: instances that may be unavailable at once, a number or a share.',
    intOrString,
  ),
  partition: told('Of a roll-out by role: instances below this ordinal keep their template.', intOrString),
});
const spec = object({
  replicas: told('ServingGroups: copies of the whole, numbered from 0. 1 by default.', between(0)),
  schedulerName: ignored(oneHost),
  plugins: told(
    'Plugins of kthena.',
    list(object({ name: required(string), type: string, config: any, scope: any }), 'name'),
  ),
  recoveryPolicy: told(
    'What is made anew when a pod fails: its whole ServingGroup, its role instance, or the pod alone. RoleRecreate by default.',
    oneOf('ServingGroupRecreate', 'RoleRecreate', 'None'),
  ),
  rolloutStrategy: told(
    'How a new template reaches what runs.',
    object({
      type: told(
        'Group by group, or role by role within them.',
        oneOf('ServingGroupRollingUpdate', 'RoleRollingUpdate'),
      ),
      rollingUpdateConfiguration: object({
        maxUnavailable: told(
          'ServingGroups that may be unavailable at once, a number or a share.',
          intOrString,
        ),
        partition: told('ServingGroups below this ordinal keep their template.', intOrString),
      }),
    }),
  ),
  template: told(
    'What each ServingGroup consists of. Another template is a roll-out.',
    required(
      object({
        restartGracePeriodSeconds: told(
          'How long a failed pod has to become ready again before it is recovered; 0 by default.',
          between(0),
        ),
        gangPolicy: told(
          'Which pods start together or not at all.',
          object({
            minRoleReplicas: told(
              'By role: as many instances as must fit before any pod starts.',
              map(integer),
            ),
          }),
        ),
        networkTopology: ignored(oneHost),
        roles: told(
          'The kinds of workers that serve together, e.g. prefill and decode.',
          required(list(role, 'name')),
        ),
      }),
    ),
  ),
});

/** `workload.serving.volcano.sh/v1alpha1` ModelServing as kthena's API has it. */
export const modelServingShape: Shape = told(
  'Serves a model by ServingGroups, each of which has instances of roles, each of which has pods.',
  object({
    apiVersion: required(string),
    kind: required(string),
    metadata: required(metadataShape),
    spec: told('What is wanted.', required(spec)),
    status: told('What is. Written by the daemon alone.', any),
  }),
);
