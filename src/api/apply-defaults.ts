import type { ModelServing, ModelServingSpec, RoleSpec } from './types/model-serving.js';

type Loose<T> = { [K in keyof T]?: Loose<T[K]> };

/** The defaults of the ModelServing itself. Pod templates stay as written: the revision is a hash of them. */
export function applyDefaults(written: Loose<ModelServing>): ModelServing {
  const spec = (written.spec ?? {}) as Loose<ModelServingSpec>;
  const { status: _status, ...rest } = written;
  return {
    ...rest,
    metadata: { ...written.metadata, namespace: written.metadata?.namespace ?? 'default' },
    spec: {
      ...spec,
      replicas: spec.replicas ?? 1,
      recoveryPolicy: spec.recoveryPolicy ?? 'RoleRecreate',
      rolloutStrategy: {
        ...spec.rolloutStrategy,
        type: spec.rolloutStrategy?.type ?? 'ServingGroupRollingUpdate',
      },
      template: {
        ...spec.template,
        restartGracePeriodSeconds: spec.template?.restartGracePeriodSeconds ?? 0,
        roles: ((spec.template?.roles ?? []) as (RoleSpec | undefined)[]).map((role) => ({
          // One that is no map has its problem told by its reader, who still wants the rest.
          ...role,
          replicas: role?.replicas ?? 1,
        })),
      },
    },
  } as ModelServing;
}
