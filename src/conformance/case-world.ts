import { revisionHash, roleTemplateHash } from '../api/revision-hash.js';
import type { RoleSpec } from '../api/types/model-serving.js';
import type { Desired, GroupObserved, InstanceObserved, Observed, PodObserved } from '../core/types.js';
import type { Facts } from './conformance-case.js';

/** A role in a case's short form: name, replicas, workerReplicas, image, maxUnavailable, partition. */
export function roleOf(short: Facts): RoleSpec {
  const template = (annotations?: Record<string, string>) => ({
    ...(annotations && { metadata: { annotations } }),
    spec: { containers: [{ name: 'main', image: short.image ?? 'image' }] },
  });
  return {
    name: short.name,
    replicas: short.replicas ?? 1,
    workerReplicas: short.workerReplicas ?? 0,
    entryTemplate: template(short.entryAnnotations),
    ...((short.workerReplicas ?? 0) > 0 && { workerTemplate: template() }),
    ...(present(short.maxUnavailable) && { maxUnavailable: short.maxUnavailable }),
    ...(present(short.partition) && { partition: short.partition }),
  };
}

export const present = (value: unknown): boolean => value !== null && value !== undefined;

/** What is wanted, under kthena's own rules. */
export function desiredOf(roles: readonly RoleSpec[], more: Partial<Desired> = {}): Desired {
  return {
    name: 'case',
    namespace: 'default',
    uid: 'uid',
    generation: 1,
    replicas: 1,
    roles,
    revision: revisionHash(roles),
    roleHashes: Object.fromEntries(roles.map((role) => [role.name, roleTemplateHash(role)])),
    rolloutType: 'ServingGroupRollingUpdate',
    recoveryPolicy: 'RoleRecreate',
    restartGraceMs: 0,
    rules: 'upstream',
    paused: false,
    deleting: false,
    ...more,
  };
}

export const observedOf = (groups: readonly GroupObserved[], more: Partial<Observed> = {}): Observed => ({
  groups: [...groups].sort((a, b) => a.ordinal - b.ordinal),
  revisions: {},
  currentRevision: '',
  backOff: {},
  ...more,
});

/** A group in a status, by the pods that make it so; `costs` are those of its first role's pods. */
export function groupOf(
  desired: Desired,
  of: { ordinal: number; status: string; revision: string; costs?: readonly (number | null)[] },
  roles: readonly RoleSpec[] = desired.roles,
): GroupObserved {
  const isDeleting = of.status === 'Deleting';
  const instances = roles.flatMap((role, first) =>
    Array.from({ length: role.replicas }, (_, ordinal) =>
      instanceOf(desired, role, {
        ordinal,
        status: of.status,
        revision: of.revision,
        hash: desired.roleHashes[role.name] ?? '',
        ...(first === 0 && ordinal === 0 && of.costs && { costs: of.costs }),
      }),
    ),
  );
  return {
    ordinal: of.ordinal,
    instances,
    record: {
      counts: Object.fromEntries(roles.map((role) => [role.name, role.replicas])),
      revision: of.revision,
      status: of.status as GroupObserved['record']['status'],
      ...(isDeleting && { deleting: mark }),
    },
  };
}

export function instanceOf(
  desired: Desired,
  role: RoleSpec,
  of: {
    ordinal: number;
    status: string;
    revision: string;
    hash: string;
    costs?: readonly (number | null)[];
  },
): InstanceObserved {
  const roleId = `${role.name}-${of.ordinal}`;
  const isDeleting = of.status === 'Deleting';
  const pods = Array.from(
    { length: 1 + role.workerReplicas },
    (_, index): PodObserved => ({
      index,
      name: `${desired.name}-0-${roleId}-${index}`,
      uid: `${roleId}-${index}`,
      phase: 'Running',
      ready: of.status === 'Running',
      deleting: isDeleting,
      restarts: 0,
      deletionCost: of.costs?.[index] ?? 0,
    }),
  );
  return {
    role: role.name,
    ordinal: of.ordinal,
    roleId,
    revision: of.revision,
    templateHash: of.hash,
    pods,
    services: 0,
    lost: [],
    ...(isDeleting && { deleting: mark }),
  };
}

const mark = { reason: 'Deleted', atMs: 0 };
