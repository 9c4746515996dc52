import { generatePod } from '../api/generate-pod.js';
import { revisionHash, roleTemplateHash } from '../api/revision-hash.js';
import { resolveIntOrPercent } from '../core/int-or-percent.js';
import { missingOrdinals } from '../core/missing-ordinals.js';
import { messageOf } from '../lib/app-error.js';
import { itemsOf, nameOf, ordinalOf, roleOf } from './case-world.js';
import type { ConformanceCase, Facts } from './conformance-case.js';
import { deviationOf } from './deviations.js';
import { differences, expectsError } from './differences.js';
import {
  groupReady,
  roleReady,
  selectOutdatedGroups,
  selectOutdatedRoles,
  updateStatus,
} from './rolling-cases.js';
import { scaleGroups, scaleRole } from './scaling-cases.js';
import { present } from './template-of.js';
import { isRuleGroup, validate } from './validation-cases.js';

export type Outcome =
  | { readonly verdict: 'passed' | 'skipped'; readonly note?: string }
  | { readonly verdict: 'failed'; readonly note: string };

/** How each operation is put to the functions that the daemon decides with. */
const operations: Readonly<Record<string, (given: Facts, when: Facts) => Facts>> = {
  scaleUpGroups: scaleGroups,
  scaleDownGroups: scaleGroups,
  scaleUpRole: scaleRole,
  scaleDownRole: scaleRole,
  findMissingOrdinals: ({ existingOrdinals }, { expectedCount, limit }) => ({
    // Without a limit, as many as anybody would write down.
    ordinals: missingOrdinals(existingOrdinals ?? [], expectedCount ?? 0, limit ?? 10_000),
  }),
  selectOutdatedGroups,
  selectOutdatedRoles,
  resolvePartition: ({ partition, replicas }) => resolved(partition ?? 0, replicas, 'up'),
  // Without a strategy nothing of it is in force.
  resolveMaxUnavailable: ({ maxUnavailable, replicas, rolloutStrategy = true }) =>
    resolved((rolloutStrategy ? maxUnavailable : null) ?? 1, replicas, 'down'),
  resolveRoleMaxUnavailable: ({ maxUnavailable, roleReplicas, replicas }) => ({
    ...resolved(maxUnavailable ?? 0, roleReplicas ?? replicas, 'down'),
    configured: present(maxUnavailable),
  }),
  groupReady,
  roleReady,
  compareRevision: ({ a, b }) => ({ equal: revisionHash(rolesOf(a)) === revisionHash(rolesOf(b)) }),
  compareRoleHash: ({ a, b }) => ({ equal: roleTemplateHash(roleOf(a)) === roleTemplateHash(roleOf(b)) }),
  updateStatus,
  generatePod: ({ group, role, roleID, roleIndex = 0, ...given }, when) => {
    const podIndex = when.podIndex ?? 0;
    const pod = generatePod({
      modelServing: { name: nameOf(group), namespace: given.namespace ?? 'default', uid: 'uid' },
      // A group's name need not end in a number here; the pod's begins with it either way.
      group: group.slice(group.lastIndexOf('-') + 1),
      role: roleOf({ ...role, ...(podIndex > 0 && { workerTemplate: role?.workerTemplate ?? true }) }),
      roleOrdinal: present(roleID) ? ordinalOf(roleID) : roleIndex,
      revision: given.revision ?? when.revision ?? 'revision',
      roleTemplateHash: given.roleTemplateHash ?? when.roleTemplateHash ?? 'hash',
      podIndex,
    });
    return { ...pod.metadata };
  },
  validate,
};

const rolesOf = (given: Facts | null) => itemsOf(given?.name ? [given] : given).map(roleOf);

function resolved(value: number | string, total: number | null | undefined, round: 'up' | 'down'): Facts {
  const found = resolveIntOrPercent(value, total ?? 1, round);
  return Number.isNaN(found)
    ? { error: `"${value}" is neither an integer nor a percentage` }
    : { value: found };
}

/** Those in which a decision itself may be an error. */
const mayFail = /^(resolve|validate)/;

/** Faults of a disk, of a network or of the real controller's own memory have no counterpart in pure decisions. */
function whyNot({ given, when, expect }: ConformanceCase): string | undefined {
  if (!Object.hasOwn(operations, when.op)) return `unknown operation ${when.op}`;
  if (when.op === 'validate' && !isRuleGroup(when.rule)) return `unknown group of rules ${when.rule}`;
  const fault = given.fault ?? when.fault;
  if (fault) return `a fault of the controller's own storage: ${fault}`;
  return expectsError(expect) && !mayFail.test(when.op)
    ? 'a fault of what its own memory should hold'
    : undefined;
}

/** Puts one case to our decisions. Never throws: what it cannot do is a failure that says why. */
export function runCase(each: ConformanceCase): Outcome {
  const missing = (['given', 'when', 'expect'] as const).find((part) => !isMap(each?.[part]));
  if (missing) return { verdict: 'failed', note: `it has no map "${missing}"` };
  const skipped = whyNot(each);
  if (skipped) return { verdict: 'skipped', note: skipped };
  try {
    const found = operations[each.when.op]?.(each.given, each.when) ?? {};
    const deviation = deviationOf(each);
    const wanted = deviation ? deviation.instead(each.expect, each) : each.expect;
    const wrong = differences(wanted, found);
    if (wrong.length > 0) return { verdict: 'failed', note: wrong.join('; ') };
    return { verdict: 'passed', ...(deviation && { note: `deviates: ${deviation.reason}` }) };
  } catch (error) {
    return { verdict: 'failed', note: `a case of another form: ${messageOf(error)}` };
  }
}

const isMap = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
