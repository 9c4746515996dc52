import { revisionHash, roleTemplateHash } from '../../../src/api/revision-hash.js';
import type { RoleSpec } from '../../../src/api/types/model-serving.js';
import type {
  Action,
  Desired,
  GroupObserved,
  InstanceObserved,
  Observed,
  Plan,
  PodObserved,
} from '../../../src/core/types.js';

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

/** The same for each of its pods. */
export const withPods = (
  observed: Observed,
  group: number,
  roleId: string,
  to: Partial<PodObserved>,
): Observed =>
  withInstance(observed, group, roleId, (instance) => ({
    ...instance,
    pods: instance.pods.map((pod) => ({ ...pod, ...to })),
  }));

export const failedAt = (sinceMs: number): Partial<PodObserved> => ({
  ready: false,
  failed: { reason: 'Error', message: 'container c ended with exit code 1 (Error)', sinceMs },
});

export const noImage: Partial<PodObserved> = {
  phase: 'Pending',
  ready: false,
  heldUp: { reason: 'ErrImagePull', message: 'no such image: nope' },
};

/** A plan in short: what is done to whom and why, then what waits and why. */
export const brief = ({ actions, holds }: Plan): string[] => [
  ...actions.map((action) => `${action.type} ${subjectOf(action)} ${action.reason}`),
  ...holds.map((hold) => `(${hold.subject} ${hold.reason})`),
];

function subjectOf(action: Action): string {
  const group = `G-${action.group}`;
  if (!('role' in action)) return group;
  const instance = `${group}/${action.role}-${action.ordinal}`;
  return 'podIndex' in action ? `${instance}-${action.podIndex}` : instance;
}

/** The message of a hold, by its subject. */
export const messageOf = ({ holds }: Plan, subject: string): string | undefined =>
  holds.find((hold) => hold.subject === subject)?.message;
