import { revisionHash, roleTemplateHash } from '../../../src/api/revision-hash.js';
import type { RoleSpec } from '../../../src/api/types/model-serving.js';
import { settle } from '../../../src/core/settle.js';
import type { Desired, GroupObserved, InstanceObserved, Observed } from '../../../src/core/types.js';

export const role = (name: string, replicas = 1, image = 'a', workerReplicas = 0): RoleSpec => ({
  name,
  replicas,
  workerReplicas,
  entryTemplate: { spec: { containers: [{ name: 'c', image }] } },
  ...(workerReplicas > 0 && { workerTemplate: { spec: { containers: [{ name: 'c', image }] } } }),
});

export const wanted = (replicas: number, roles: RoleSpec[], more: Partial<Desired> = {}): Desired => ({
  name: 'sample',
  namespace: 'default',
  uid: 'uid',
  generation: 1,
  replicas,
  roles,
  revision: revisionHash(roles),
  roleHashes: Object.fromEntries(roles.map((each) => [each.name, roleTemplateHash(each)])),
  rolloutType: 'ServingGroupRollingUpdate',
  recoveryPolicy: 'RoleRecreate',
  restartGraceMs: 0,
  rules: 'ordinal',
  paused: false,
  deleting: false,
  ...more,
});

export const empty: Observed = { groups: [], revisions: {}, currentRevision: '', backOff: {} };

/** The state a spec converges to, made by hand rather than by the code under test. */
export function running(
  desired: Desired,
  ordinals = Array.from({ length: desired.replicas }, (_, k) => k),
): Observed {
  const groups = ordinals.map(
    (ordinal): GroupObserved => ({
      ordinal,
      record: {
        counts: Object.fromEntries(desired.roles.map((each) => [each.name, each.replicas])),
        revision: desired.revision,
        status: 'Running',
      },
      instances: desired.roles.flatMap((each) =>
        Array.from(
          { length: each.replicas },
          (_, at): InstanceObserved => ({
            role: each.name,
            ordinal: at,
            roleId: `${each.name}-${at}`,
            revision: desired.revision,
            templateHash: desired.roleHashes[each.name] ?? '',
            services: 0,
            lost: [],
            pods: Array.from({ length: 1 + each.workerReplicas }, (_, index) => ({
              index,
              name: `sample-${ordinal}-${each.name}-${at}-${index}`,
              uid: `uid-${ordinal}-${each.name}-${at}-${index}`,
              phase: 'Running' as const,
              ready: true,
              deleting: false,
              restarts: 0,
              deletionCost: 0,
            })),
          }),
        ),
      ),
    }),
  );
  return {
    groups,
    revisions: { [desired.revision]: desired.roles },
    currentRevision: desired.revision,
    backOff: {},
  };
}

/** Changes one instance of a group in place of the world. */
export const withInstance = (
  observed: Observed,
  group: number,
  roleId: string,
  change: (instance: InstanceObserved) => InstanceObserved,
): Observed => ({
  ...observed,
  groups: observed.groups.map((each) =>
    each.ordinal === group
      ? { ...each, instances: each.instances.map((i) => (i.roleId === roleId ? change(i) : i)) }
      : each,
  ),
});

export { settle };
