import { generatePod } from '../api/generate-pod.js';
import { revisionHash, roleTemplateHash } from '../api/revision-hash.js';
import { resolveIntOrPercent } from '../core/int-or-percent.js';
import { missingOrdinals } from '../core/missing-ordinals.js';
import { messageOf } from '../lib/app-error.js';
import { present, roleOf } from './case-world.js';
import type { ConformanceCase, Facts } from './conformance-case.js';
import { deviationOf } from './deviations.js';
import { differences } from './differences.js';
import {
  groupReady,
  roleReady,
  selectOutdatedGroups,
  selectOutdatedRoles,
  updateStatus,
} from './rolling-cases.js';
import { ordinalOf, scaleDownGroups, scaleRole, scaleUpGroups } from './scaling-cases.js';
import { validate } from './validation-cases.js';

export type Outcome =
  | { readonly verdict: 'passed' | 'skipped'; readonly note?: string }
  | { readonly verdict: 'failed'; readonly note: string };

/** How each operation is put to the functions that the daemon decides with. */
const operations: Readonly<Record<string, (given: Facts, when: Facts) => Facts>> = {
  scaleUpGroups,
  scaleDownGroups,
  scaleUpRole: scaleRole,
  scaleDownRole: scaleRole,
  findMissingOrdinals: (given, { expectedCount, limit }) => ({
    ordinals: missingOrdinals(given.existingOrdinals, expectedCount, limit),
  }),
  selectOutdatedGroups,
  selectOutdatedRoles,
  resolvePartition: ({ partition, replicas }) => resolved(present(partition) ? partition : 0, replicas, 'up'),
  resolveMaxUnavailable: ({ maxUnavailable, replicas }) =>
    resolved(present(maxUnavailable) ? maxUnavailable : 1, replicas, 'down'),
  resolveRoleMaxUnavailable: ({ maxUnavailable, roleReplicas }) => ({
    ...resolved(present(maxUnavailable) ? maxUnavailable : 0, roleReplicas, 'down'),
    configured: present(maxUnavailable),
  }),
  groupReady,
  roleReady,
  compareRevision: ({ a, b }) => ({
    equal: revisionHash((a as Facts[]).map(roleOf)) === revisionHash((b as Facts[]).map(roleOf)),
  }),
  compareRoleHash: ({ a, b }) => ({ equal: roleTemplateHash(roleOf(a)) === roleTemplateHash(roleOf(b)) }),
  updateStatus,
  generatePod: ({ group, role, roleID }, { podIndex }) => {
    const name = String(group);
    const pod = generatePod({
      modelServing: { name: name.slice(0, name.lastIndexOf('-')), namespace: 'default', uid: 'uid' },
      // A group's name need not end in a number here; the pod's begins with it either way.
      group: name.slice(name.lastIndexOf('-') + 1) as unknown as number,
      role: roleOf(role),
      roleOrdinal: ordinalOf(roleID),
      revision: 'revision',
      roleTemplateHash: 'hash',
      podIndex,
    });
    return { ...pod.metadata };
  },
  validate,
};

function resolved(value: number | string, total: number, round: 'up' | 'down'): Facts {
  const found = resolveIntOrPercent(value, total, round);
  return Number.isNaN(found) ? { error: true } : { value: found };
}

/** Faults of a disk, of a network or of the real controller's own memory have no counterpart in pure decisions. */
function faultOf({ given }: ConformanceCase): string | undefined {
  if (given.fault) return `a fault of the controller's own storage: ${given.fault}`;
  if (given.rolesInStore === null || given.roles === null) return 'a group that its own memory has lost';
  return undefined;
}

/** Puts one case to our decisions. Never throws: what it cannot do is a failure that says why. */
export function runCase(each: ConformanceCase): Outcome {
  const operation = operations[each.when.op];
  if (!operation) return { verdict: 'skipped', note: `unknown operation ${each.when.op}` };
  const fault = faultOf(each);
  if (fault) return { verdict: 'skipped', note: fault };
  try {
    const found = operation(each.given, each.when);
    const deviation = deviationOf(each);
    const wanted = deviation ? deviation.instead(each.expect) : each.expect;
    const wrong = differences(wanted, found);
    if (wrong.length > 0) return { verdict: 'failed', note: wrong.join('; ') };
    return { verdict: 'passed', ...(deviation && { note: `deviates: ${deviation.reason}` }) };
  } catch (error) {
    return { verdict: 'failed', note: messageOf(error) };
  }
}
