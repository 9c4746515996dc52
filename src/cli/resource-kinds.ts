import type { ResourceName } from '../api/types/resources.js';
import { usageError } from './usage-error.js';

export interface ResourceKind {
  readonly resource: ResourceName;
  /** As `-o name` and `get all` write it before the slash. */
  readonly singular: string;
  readonly kind: string;
  readonly group: string;
  readonly names: readonly string[];
}

/** The kinds that can be asked for, and what people call them. */
export const resourceKinds: readonly ResourceKind[] = [
  kind('modelservings', 'ModelServing', 'workload.serving.volcano.sh', ['ms']),
  kind('servinggroups', 'ServingGroup', 'minithena.dev', ['sg', 'group', 'groups']),
  kind('roles', 'Role', 'minithena.dev', []),
  kind('pods', 'Pod', '', ['po']),
  kind('services', 'Service', '', ['svc']),
  kind('events', 'Event', '', ['ev']),
  kind('scalingoperations', 'ScalingOperation', 'minithena.dev', ['so', 'op', 'operation', 'operations']),
  kind('nodes', 'Node', '', ['no']),
  kind('namespaces', 'Namespace', '', ['ns']),
  kind('configmaps', 'ConfigMap', '', ['cm']),
  kind('secrets', 'Secret', '', []),
  kind('persistentvolumeclaims', 'PersistentVolumeClaim', '', ['pvc']),
  kind('controllerrevisions', 'ControllerRevision', 'apps', []),
  kind('modelservers', 'ModelServer', 'networking.serving.volcano.sh', []),
  kind('modelroutes', 'ModelRoute', 'networking.serving.volcano.sh', []),
  kind('modelboosters', 'ModelBooster', 'workload.serving.volcano.sh', []),
  kind('autoscalingpolicies', 'AutoscalingPolicy', 'workload.serving.volcano.sh', []),
  kind('autoscalingpolicybindings', 'AutoscalingPolicyBinding', 'workload.serving.volcano.sh', []),
];

/** What `get all` and `describe` walk through, from the whole to its parts. */
export const allResources: readonly ResourceName[] = [
  'modelservings',
  'servinggroups',
  'roles',
  'pods',
  'services',
  'scalingoperations',
];

function kind(resource: ResourceName, name: string, group: string, short: readonly string[]): ResourceKind {
  const singular = name.toLowerCase();
  return { resource, singular, kind: name, group, names: [resource, singular, ...short] };
}

/** Finds a kind by plural, singular or short name, with or without its API group. Throws Usage. */
export function findKind(word: string): ResourceKind {
  const lower = word.toLowerCase();
  const found = resourceKinds.find((each) =>
    each.names.some((name) => lower === name || lower === `${name}.${each.group}`),
  );
  if (found) return found;
  throw usageError(
    `there is no resource type "${word}"`,
    `known types: ${resourceKinds.map((each) => each.resource).join(', ')}, all`,
  );
}

export function kindOf(resource: ResourceName): ResourceKind {
  const found = resourceKinds.find((each) => each.resource === resource);
  if (!found) throw new Error(`no kind for ${resource}`);
  return found;
}
