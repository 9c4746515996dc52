import type { EnvFromSource, EnvVar, PodSpec, Volume } from 'kubernetes-types/core/v1.js';
import type { SupportingObject } from './read-supporting.js';
import type { ModelServing } from './types/model-serving.js';

/** That a pod template cannot do without an object, and where it says so. */
export interface FoundReference {
  readonly resource: SupportingObject['resource'];
  readonly name: string;
  /** Of the object's data, where one key of it is meant. */
  readonly key?: string;
  readonly path: readonly (string | number)[];
}

/** Every object that the pods of a ModelServing must have; what is optional is left out. Pure. */
export const findReferences = ({ spec }: Pick<ModelServing, 'spec'>): FoundReference[] =>
  spec.template.roles.flatMap((role, at) =>
    (['entryTemplate', 'workerTemplate'] as const).flatMap((template) => {
      const path = ['spec', 'template', 'roles', at, template, 'spec'];
      const pod = role[template]?.spec;
      return pod ? ofPod(pod, path) : [];
    }),
  );

const ofPod = (pod: PodSpec, path: FoundReference['path']): FoundReference[] => [
  ...(['initContainers', 'containers'] as const).flatMap((list) =>
    (pod[list] ?? []).flatMap(({ env = [], envFrom = [] }, at) => [
      ...env.flatMap((each, index) => ofVariable(each, [...path, list, at, 'env', index])),
      ...envFrom.flatMap((each, index) => ofSource(each, [...path, list, at, 'envFrom', index])),
    ]),
  ),
  ...(pod.volumes ?? []).flatMap((each, index) => ofVolume(each, [...path, 'volumes', index])),
];

const ofVariable = ({ valueFrom }: EnvVar, path: FoundReference['path']): FoundReference[] => [
  ...to('configmaps', valueFrom?.configMapKeyRef, 'name', [...path, 'valueFrom', 'configMapKeyRef']),
  ...to('secrets', valueFrom?.secretKeyRef, 'name', [...path, 'valueFrom', 'secretKeyRef']),
];

const ofSource = (from: EnvFromSource, path: FoundReference['path']): FoundReference[] => [
  ...to('configmaps', from.configMapRef, 'name', [...path, 'configMapRef']),
  ...to('secrets', from.secretRef, 'name', [...path, 'secretRef']),
];

const ofVolume = (volume: Volume, path: FoundReference['path']): FoundReference[] => [
  ...to('configmaps', volume.configMap, 'name', [...path, 'configMap']),
  ...to('secrets', volume.secret, 'secretName', [...path, 'secret']),
  ...to('persistentvolumeclaims', volume.persistentVolumeClaim, 'claimName', [
    ...path,
    'persistentVolumeClaim',
  ]),
  ...(volume.projected?.sources ?? []).flatMap((source, at) => [
    ...to('configmaps', source.configMap, 'name', [...path, 'projected', 'sources', at, 'configMap']),
    ...to('secrets', source.secret, 'name', [...path, 'projected', 'sources', at, 'secret']),
  ]),
];

interface Details {
  readonly optional?: boolean;
  readonly key?: string;
  readonly items?: readonly { readonly key: string }[];
}

function to<K extends string>(
  resource: FoundReference['resource'],
  reference: ({ readonly [key in K]?: string } & Details) | undefined,
  field: K,
  path: FoundReference['path'],
): FoundReference[] {
  const name = reference?.[field];
  if (!name || reference?.optional) return [];
  const keyed = (key: string, steps: FoundReference['path']): FoundReference => ({
    resource,
    name,
    key,
    path: [...path, ...steps, 'key'],
  });
  return [
    { resource, name, path: [...path, field] },
    ...(reference.key === undefined ? [] : [keyed(reference.key, [])]),
    ...(reference.items ?? []).map(({ key }, at) => keyed(key, ['items', at])),
  ];
}
