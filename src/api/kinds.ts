import type { ResourceName } from './types/resources.js';

export interface KindFacts {
  readonly resource: ResourceName;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly verbs: readonly string[];
}

const reading = ['get', 'list', 'watch'];
const writing = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const volcano = 'serving.volcano.sh';
const fact = (
  resource: ResourceName,
  group: string,
  version: string,
  kind: string,
  shortNames: readonly string[] = [],
  more: { namespaced?: boolean; verbs?: readonly string[] } = {},
): KindFacts => ({
  resource,
  group,
  version,
  kind,
  namespaced: more.namespaced ?? true,
  shortNames,
  verbs: [...reading, ...(more.verbs ?? [])],
});

/** Every kind of the API and where it is found; `''` is the core group. */
export const kinds: readonly KindFacts[] = [
  fact('modelservings', `workload.${volcano}`, 'v1alpha1', 'ModelServing', ['ms'], { verbs: writing }),
  fact('servinggroups', 'minithena.dev', 'v1alpha1', 'ServingGroup', ['sg']),
  fact('roles', 'minithena.dev', 'v1alpha1', 'Role'),
  fact('scalingoperations', 'minithena.dev', 'v1alpha1', 'ScalingOperation', ['so', 'op']),
  fact('pods', '', 'v1', 'Pod', ['po'], { verbs: writing }),
  fact('services', '', 'v1', 'Service', ['svc'], { verbs: writing }),
  fact('events', '', 'v1', 'Event', ['ev'], { verbs: writing }),
  fact('nodes', '', 'v1', 'Node', ['no'], { namespaced: false }),
  fact('namespaces', '', 'v1', 'Namespace', ['ns'], {
    namespaced: false,
    // Nobody means to delete them all at once: no server has it.
    verbs: writing.filter((verb) => verb !== 'deletecollection'),
  }),
  fact('configmaps', '', 'v1', 'ConfigMap', ['cm'], { verbs: writing }),
  fact('secrets', '', 'v1', 'Secret', [], { verbs: writing }),
  fact('persistentvolumeclaims', '', 'v1', 'PersistentVolumeClaim', ['pvc'], { verbs: writing }),
  fact('controllerrevisions', 'apps', 'v1', 'ControllerRevision', [], {
    verbs: ['delete', 'deletecollection'],
  }),
  fact('modelboosters', `workload.${volcano}`, 'v1alpha1', 'ModelBooster', [], { verbs: writing }),
  fact('autoscalingpolicies', `workload.${volcano}`, 'v1alpha1', 'AutoscalingPolicy', [], { verbs: writing }),
  fact('autoscalingpolicybindings', `workload.${volcano}`, 'v1alpha1', 'AutoscalingPolicyBinding', [], {
    verbs: writing,
  }),
  fact('modelservers', `networking.${volcano}`, 'v1alpha1', 'ModelServer', [], { verbs: writing }),
  fact('modelroutes', `networking.${volcano}`, 'v1alpha1', 'ModelRoute', [], { verbs: writing }),
];

/** The kinds that are served; the last ones are stored as one of `kinds` and told in another form. */
export const servedKinds: readonly KindFacts[] = [
  ...kinds,
  // Without a short name: kubectl would warn of it wherever somebody says `ev`.
  fact('events', 'events.k8s.io', 'v1', 'Event'),
];

export const groupVersionOf = ({ group, version }: Pick<KindFacts, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

/** `/api/v1` or `/apis/<group>/<version>`, with the namespace where the kind has one. */
export function pathOf(facts: KindFacts, namespace?: string, name?: string): string {
  const root = facts.group === '' ? `/api/${facts.version}` : `/apis/${facts.group}/${facts.version}`;
  const within = facts.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
  return `${root}${within}/${facts.resource}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}
