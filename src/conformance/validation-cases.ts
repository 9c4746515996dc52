import { parseManifests } from '../api/parse-manifests.js';
import type { Facts } from './conformance-case.js';

/** The rules by the names that cases call them; the codes are those of docs/validation.md. */
const codesOf: Readonly<Record<string, readonly string[]>> = {
  generatedNameLength: ['V1'],
  roleNames: ['V2'],
  images: ['V3'],
  replicas: ['V4', 'V6'],
  rollingUpdateConfiguration: ['V7', 'V8', 'V9', 'V10'],
  roleRollingUpdate: ['V11', 'V12', 'V13'],
  gangPolicy: ['V14', 'V15', 'V16'],
  workerReplicas: ['V17', 'V18'],
  recoveryVsRollout: ['V19'],
};
const kinds: Readonly<Record<string, string>> = { V7: 'Forbidden', V12: 'Forbidden', V18: 'Required' };

/** validate: the fields that offend a group of rules, as the webhook names them, and how. */
export function validate(given: Facts, when: Facts): Facts {
  const { diagnostics } = parseManifests('case', JSON.stringify(documentOf(given.modelServing)));
  const wanted = when.rule === 'all' ? undefined : codesOf[when.rule];
  if (when.rule !== 'all' && !wanted) throw new Error(`there is no group of rules ${when.rule}`);
  const errors = diagnostics
    .filter((each) => each.severity === 'error')
    .map((each) => ({ ...each, code: ruleOf(each.code, each.fieldPath) }))
    .filter((each) => !wanted || wanted.includes(each.code))
    .map(({ code, fieldPath }) => ({
      field: fieldPath.replace(/(minRoleReplicas)\.([^.[]+)$/, '$1[$2]'),
      type: kinds[code] ?? 'Invalid',
    }));
  return { valid: errors.length === 0, errors };
}

/** A count without a value, or of another type, offends the rule about its number. */
function ruleOf(code: string, field: string): string {
  if (/^V\d+$/.test(code)) return code;
  if (field === 'spec.replicas') return 'V4';
  if (/roles\[\d+\]\.replicas$/.test(field)) return 'V6';
  return /\.workerReplicas$/.test(field) ? 'V17' : code;
}

/** The short form as a document. null stays where a count stands without a value, and is absent elsewhere. */
function documentOf(short: Facts): object {
  const { name, replicas, roles = [], gangPolicy, rolloutStrategy, recoveryPolicy } = short;
  return {
    apiVersion: 'workload.serving.volcano.sh/v1alpha1',
    kind: 'ModelServing',
    metadata: { name },
    spec: {
      ...(replicas !== undefined && { replicas }),
      ...(recoveryPolicy && { recoveryPolicy }),
      ...(rolloutStrategy && { rolloutStrategy: withoutNulls(rolloutStrategy) }),
      template: {
        ...(gangPolicy && { gangPolicy: withoutNulls(gangPolicy) }),
        roles: (roles as Facts[]).map(({ images, image, workerTemplate, ...role }) => {
          const [entry = 'image', worker = 'image'] = Array.isArray(images) ? images : [image ?? 'image'];
          const template = (of: string) => ({ spec: { containers: [{ name: 'main', image: of }] } });
          const { name: roleName, replicas: count, workerReplicas = 0, ...limits } = role;
          return {
            name: roleName,
            ...(count !== undefined && { replicas: count }),
            workerReplicas,
            entryTemplate: template(entry),
            ...(workerTemplate && { workerTemplate: template(worker) }),
            ...(withoutNulls(limits) as object),
          };
        }),
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
