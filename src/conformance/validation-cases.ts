import { parseManifests } from '../api/parse-manifests.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { Facts } from './conformance-case.js';
import { hasWorkers, present, templateOf } from './template-of.js';

/** The rules by the names that cases call them; the codes are those of api/validate-model-serving.ts. */
const codesOf: Readonly<Record<string, readonly string[]>> = {
  generatedNameLength: ['V1'],
  roleNames: ['V2'],
  images: ['V3'],
  replicas: ['V4', 'V6'],
  rollingUpdateConfiguration: ['V7', 'V8', 'V9', 'V10'],
  roleRollingUpdate: ['V11', 'V12', 'V13'],
  gangPolicy: ['V14', 'V15', 'V16', 'Immutable'],
  workerReplicas: ['V17', 'V18'],
  recoveryVsRollout: ['V19'],
};
const kinds: Readonly<Record<string, string>> = { V7: 'Forbidden', V12: 'Forbidden', V18: 'Required' };

/** Those of the webhook; what the schema has of its own is none of them. */
const isRule = (code: string): boolean => /^(V\d+|Immutable)$/.test(code);

/** validate: the fields that offend a group of rules, as the webhook names them, and how. */
export function validate(given: Facts, when: Facts): Facts {
  const old = given.oldModelServing ?? given.old;
  const before = old && read(old).object;
  const { errors: diagnostics } = read(given.modelServing ?? given, before);
  const rule: string = when.rule ?? 'all';
  const errors = diagnostics
    .map((each) => ({ ...each, code: ruleOf(each.code, each.fieldPath) }))
    .filter(({ code }) => (rule === 'all' ? isRule(code) : codesOf[rule]?.includes(code)))
    .map(({ code, fieldPath }) => ({
      field: fieldPath.replace(/(minRoleReplicas)\.(.+)$/, '$1[$2]'),
      type: kinds[code] ?? 'Invalid',
    }));
  return { valid: errors.length === 0, errors };
}

export const isRuleGroup = (rule: unknown): boolean =>
  rule === undefined || rule === null || rule === 'all' || Object.hasOwn(codesOf, String(rule));

function read(short: Facts, before?: ModelServing) {
  const text = JSON.stringify(documentOf(short));
  const { diagnostics, modelServings } = parseManifests('case', text, () => before);
  return {
    errors: diagnostics.filter((each) => each.severity === 'error'),
    object: modelServings[0]?.object,
  };
}

/** A count without a value, or of another type, offends the rule about its number. */
function ruleOf(code: string, field: string): string {
  if (code !== 'WrongType' && code !== 'MissingField') return code;
  if (field === 'spec.replicas') return 'V4';
  if (/roles\[\d+\]\.replicas$/.test(field)) return 'V6';
  return /\.workerReplicas$/.test(field) ? 'V17' : code;
}

/** The short form as a document. null stays where a count stands without a value, and is absent elsewhere. */
function documentOf(short: Facts): object {
  const { name, replicas, roles, gangPolicy, rolloutStrategy, recoveryPolicy } = short;
  return {
    apiVersion: 'workload.serving.volcano.sh/v1alpha1',
    kind: 'ModelServing',
    metadata: { name: name ?? 'x' },
    spec: {
      ...(replicas !== undefined && { replicas }),
      ...(recoveryPolicy && { recoveryPolicy }),
      ...(rolloutStrategy && { rolloutStrategy: withoutNulls(rolloutStrategy) }),
      template: {
        ...(gangPolicy && { gangPolicy: withoutNulls(gangPolicy) }),
        roles: ((roles ?? []) as Facts[]).map((role) => ({
          name: role.name ?? '',
          ...(role.replicas !== undefined && { replicas: role.replicas }),
          workerReplicas: role.workerReplicas ?? 0,
          ...(present(role.maxUnavailable) && { maxUnavailable: role.maxUnavailable }),
          ...(present(role.partition) && { partition: role.partition }),
          entryTemplate: templateOf(role, 'entry'),
          ...(hasWorkers(role) && { workerTemplate: templateOf(role, 'worker') }),
        })),
      },
    },
  };
}

const withoutNulls = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, each]) => (each === null ? [] : [[key, withoutNulls(each)]])),
      )
    : value;
