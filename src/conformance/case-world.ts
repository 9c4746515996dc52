import { parseDeletionCost } from '../api/parse-deletion-cost.js';
import { revisionHash, roleTemplateHash } from '../api/revision-hash.js';
import type { RoleSpec } from '../api/types/model-serving.js';
import type { Desired, GroupObserved, InstanceObserved, Observed, PodObserved } from '../core/types.js';
import type { Facts } from './conformance-case.js';
import { hasWorkers, present, templateOf } from './template-of.js';

/** A role in a case's short form; null is absent. */
export function roleOf(given: Facts | null | undefined): RoleSpec {
  const short = given ?? {};
  const workerReplicas = short.workerReplicas ?? 0;
  return {
    name: short.name ?? 'role',
    replicas: short.replicas ?? 1,
    workerReplicas,
    entryTemplate: templateOf(short, 'entry'),
    ...((workerReplicas > 0 || hasWorkers(short)) && { workerTemplate: templateOf(short, 'worker') }),
    ...(present(short.maxUnavailable) && { maxUnavailable: short.maxUnavailable }),
    ...(present(short.partition) && { partition: short.partition }),
  };
}

/** Stored templates by revision: a map of roles, of one role or of what one role has otherwise, or a list of revisions whose template is the spec's. */
export function snapshotsOf(stored: unknown, roles: readonly RoleSpec[], base: Facts = {}) {
  if (Array.isArray(stored)) return Object.fromEntries(stored.map((revision: string) => [revision, roles]));
  return Object.fromEntries(
    Object.entries((stored ?? {}) as Record<string, Facts>).flatMap(([revision, short]) =>
      typeof short === 'object' && short !== null
        ? [[revision, (Array.isArray(short) ? short : [{ ...base, ...short }]).map(roleOf)]]
        : [],
    ),
  );
}

/** null and an absent list are empty; a map is its values, each with its key as id where it is a mere status. */
export function itemsOf(given: unknown): Facts[] {
  if (Array.isArray(given)) return given;
  return Object.entries((given ?? {}) as Record<string, unknown>).flatMap(([id, value]) =>
    typeof value === 'string' ? [{ id, status: value }] : (value as Facts[]),
  );
}

export const nameOf = (id: string): string => id.slice(0, id.lastIndexOf('-'));
export const ordinalOf = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1));

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

/** A group in a status, by the pods that make it so; `costs` are those of its pods. */
export function groupOf(
  desired: Desired,
  of: { ordinal: number; status: string; revision: string; costs?: Costs },
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
    costs?: Costs;
  },
): InstanceObserved {
  const roleId = `${role.name}-${of.ordinal}`;
  const isDeleting = of.status === 'Deleting';
  const expected = 1 + role.workerReplicas;
  const pods = Array.from(
    // However many pods the costs are of, together they are what the instance costs.
    { length: Math.max(expected, of.costs?.length ?? 0) },
    (_, index): PodObserved => ({
      index,
      name: `${desired.name}-0-${roleId}-${index}`,
      uid: `${roleId}-${index}`,
      phase: 'Running',
      ready: of.status === 'Running' && index < expected,
      deleting: isDeleting,
      restarts: 0,
      deletionCost: costOf(of.costs?.[index]),
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

/** What stands in the annotations of pods. */
export type Costs = readonly (number | string | null)[];

const costOf = (cost: Costs[number] | undefined): number => parseDeletionCost(String(cost)) ?? 0;

const mark = { reason: 'Deleted', atMs: 0 };
